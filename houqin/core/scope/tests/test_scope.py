"""One road to a row: reach, refusals, ranges."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Pupil
from houqin.core.scope.permissions import all_permissions
from houqin.core.scope.refusals import NotVisible, require
from houqin.core.scope.viewer import subtree, topmost

steps = st.lists(st.integers(1, 9998), min_size=1, max_size=6).map(lambda xs: "".join(f"{x:04d}" for x in xs))


@given(steps, steps)
def test_a_subtree_range_holds_exactly_the_path_and_what_is_below(upper: str, path: str) -> None:
    low, high = subtree(upper)
    assert (low <= path < high) == path.startswith(upper)


@given(st.lists(steps, max_size=8))
def test_topmost_paths_cover_the_same_and_none_covers_another(paths: list[str]) -> None:
    kept = topmost(paths)
    assert all(any(path.startswith(upper) for upper in kept) for path in paths)
    assert not any(a != b and b.startswith(a) for a in kept for b in kept)


def test_an_office_sees_its_subtree_and_nothing_beside_it(world) -> None:
    seen = set(OrgUnit.objects.visible_to(world.viewer("bo")).values_list("name", flat=True))
    assert seen == {"柳河镇", "柳河中心小学", "柳河初级中学"}


def test_require_tells_foreign_from_forbidden(world) -> None:
    with pytest.raises(NotVisible):
        require(world.viewer("chen"), "orgs.record_facts", at=world.school_a)
    with pytest.raises(PermissionDenied):
        require(world.viewer("an"), "orgs.record_facts", at=world.school_a)
    require(world.viewer("gao"), "orgs.record_facts", at=world.school_a)
    assert issubclass(NotVisible, Http404)


def test_a_parent_sees_the_own_child_and_no_other(world) -> None:
    other = Pupil.objects.create(org=world.school_a, name="别人", enrolled_on="2023-09-01")
    seen = list(Pupil.objects.visible_to(world.viewer("du")))
    assert seen == [world.child]
    assert other not in seen


def test_the_auditor_holds_no_permission_that_changes_anything(world) -> None:
    held = {permission for reach in world.viewer("eve").reaches for permission in reach.permissions}
    reading = {
        code for code in all_permissions() if code.partition(".")[2].startswith(("view", "trace", "follow", "check"))
    }
    assert held <= reading
    assert held


def test_one_row_or_404(world) -> None:
    with pytest.raises(Http404):
        OrgUnit.objects.get_visible(world.viewer("bo"), pk=world.school_c.pk)
    assert OrgUnit.objects.get_visible(world.viewer("bo"), pk=world.school_a.pk) == world.school_a
