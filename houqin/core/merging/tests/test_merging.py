"""Two names of one firm, and back."""

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.merging.actions import merge, undo_merge
from houqin.core.parties.actions import record_parties, record_party
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible, Refused


@pytest.fixture
def firms(world):
    return record_parties(world.town, by=world.viewer("bo"), names=["宏发生鲜配送有限公司", "宏发生鲜", "宏发"])


def test_a_merged_name_stands_for_the_other_until_it_is_undone(world, firms) -> None:
    full, short, _other = firms.values()
    merge(full, by=world.viewer("bo"), duplicate=short, why="same goods")
    short.refresh_from_db()
    assert short.canonical_id == full.pk
    assert set(Party.objects.group_of(short)) == {full, short}
    undo_merge(short, by=world.viewer("bo"))
    short.refresh_from_db()
    assert short.canonical_id == short.pk
    events = AuditEntry.objects.filter(event__startswith="merging.").order_by("id").values_list("event", flat=True)
    assert list(events) == ["merging.merged", "merging.undone"]


def test_chains_follow_and_fall_back(world, firms) -> None:
    by = world.viewer("bo")
    full, short, shortest = firms.values()
    merge(short, by=by, duplicate=shortest)
    merge(full, by=by, duplicate=short)
    assert set(Party.objects.group_of(full).values_list("name", flat=True)) == set(firms)
    short.refresh_from_db()
    undo_merge(short, by=by)
    shortest.refresh_from_db()
    assert shortest.canonical_id == short.pk
    assert Party.objects.get(pk=short.pk).root_id is None


def test_what_is_one_already_is_refused(world, firms) -> None:
    by = world.viewer("bo")
    full, short, shortest = firms.values()
    merge(full, by=by, duplicate=short)
    for kept, duplicate in ((full, short), (short, full), (full, full)):
        with pytest.raises(Refused):
            merge(kept, by=by, duplicate=duplicate)
    with pytest.raises(Refused):
        undo_merge(shortest, by=by)


@pytest.mark.parametrize(("who", "error"), [("chen", NotVisible), ("eve", PermissionDenied), ("an", NotVisible)])
def test_who_may_not_merge_changes_nothing(world, firms, who: str, error: type[Exception]) -> None:
    full, short, _other = firms.values()
    with pytest.raises(error):
        merge(full, by=world.viewer(who), duplicate=short)
    assert not Party.objects.filter(merged_into__isnull=False).exists()


def test_names_are_recorded_once_and_seen_below(world, firms) -> None:
    again = record_parties(world.town, by=world.viewer("bo"), names=["宏发生鲜", "李记豆制品坊"])
    assert again["宏发生鲜"] == firms["宏发生鲜"]
    assert Party.objects.count() == 4
    assert Party.objects.visible_to(world.viewer("an")).count() == 4
    assert not Party.objects.visible_to(world.viewer("chen")).exists()


def test_a_wrong_credit_code_is_refused(world) -> None:
    with pytest.raises(Refused) as refusal:
        record_party(world.town, by=world.viewer("bo"), name="乐源乳业", credit_code="12370303MB10000102")
    assert refusal.value.field == "credit_code"
    assert not Party.objects.exists()
    assert record_party(world.town, by=world.viewer("bo"), name="乐源乳业", credit_code="12370303MB10000101").pk
