"""Who may do what where."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.grants.actions import end_grant, give_grant
from houqin.core.grants.models import Grant
from houqin.core.grants.roles import ROLES
from houqin.core.grants.viewers import accounts_holding, viewer_for
from houqin.core.scope.permissions import all_permissions
from houqin.core.scope.refusals import NotVisible, Refused


def test_every_role_that_permissions_name_exists() -> None:
    named = {role for permission in all_permissions().values() for role in permission.roles}
    assert named <= ROLES.keys()


def test_every_permission_is_held_by_somebody() -> None:
    assert not [code for code, permission in all_permissions().items() if not permission.roles]


def test_a_role_begins_and_ends(world) -> None:
    grant = give_grant(world.an, by=world.viewer("gao"), role="cook", org=world.school_a)
    assert {reach.role for reach in world.viewer("an").reaches} == {"keeper", "cook"}
    end_grant(grant, by=world.viewer("gao"))
    assert {reach.role for reach in world.viewer("an").reaches} == {"keeper"}
    assert Grant.objects.filter(pk=grant.pk).exists()
    with pytest.raises(Refused):
        end_grant(grant, by=world.viewer("gao"))
    assert list(AuditEntry.objects.order_by("id").values_list("event", flat=True)) == ["grants.given", "grants.ended"]


def test_a_grant_of_the_future_does_not_hold_yet(world) -> None:
    viewer = world.viewer("gao")
    give_grant(world.an, by=viewer, role="cook", org=world.school_a, from_on=viewer.today + timedelta(days=1))
    assert {reach.role for reach in viewer_for(world.an, now=viewer.now).reaches} == {"keeper"}


@pytest.mark.parametrize(
    ("who", "role", "org", "error"),
    [
        ("hu", "keeper", "school_a", NotVisible),
        ("an", "keeper", "school_a", PermissionDenied),
        ("bo", "operator", "town", PermissionDenied),
        ("gao", "office_staff", "school_a", Refused),
        ("gao", "king", "school_a", Refused),
    ],
)
def test_refusals_give_nothing(world, who: str, role: str, org: str, error: type[Exception]) -> None:
    before = Grant.objects.count()
    with pytest.raises(error):
        give_grant(world.du, by=world.viewer(who), role=role, org=getattr(world, org))
    assert Grant.objects.count() == before


def test_nobody_ends_the_own_role(world) -> None:
    with pytest.raises(Refused):
        end_grant(Grant.objects.get(account=world.gao), by=world.viewer("gao"))


def test_holders_are_found_at_the_unit_and_above(world) -> None:
    here = accounts_holding("canteen.answer_recall", org=world.school_a)
    assert {account.username for account in here} == {"an", "gao"}
    above = accounts_holding("canteen.confirm_recall", org=world.school_a, at_or_above=True)
    assert {account.username for account in above} == {"gao", "bo", "bai", "op"}
