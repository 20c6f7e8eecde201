"""The inbox."""

from houqin.core.notices.actions import mark_read, notify
from houqin.core.notices.models import Notice


def test_everybody_reads_only_the_own_inbox(world) -> None:
    assert notify([world.an, world.gao], by=world.system, org=world.school_a, title="停用鸡腿") == 2
    assert Notice.objects.visible_to(world.viewer("an")).count() == 1
    assert not Notice.objects.visible_to(world.viewer("op")).exists()
    mine = Notice.objects.visible_to(world.viewer("an")).get()
    others = Notice.objects.visible_to(world.viewer("gao")).get()
    assert mark_read([mine.pk, others.pk], by=world.viewer("an")) == 1
    others.refresh_from_db()
    assert others.read_at is None
    assert mark_read(by=world.viewer("gao")) == 1
    assert mark_read(by=world.viewer("gao")) == 0
