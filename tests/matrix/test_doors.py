"""Every address is visited by every member of the cast, and by nobody in particular."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.permissions import all_permissions
from tests.matrix.doors import (
    AT_PROVINCE,
    AT_TOWN,
    EVERYBODY,
    HOLDERS,
    NEAR,
    ODD_ARGS,
    ODD_PAGES,
    OWNED_ABOVE,
    PUBLIC,
    ROW_PAGES,
)
from tests.matrix.furnished import ADDRESSES, SCREENS, address_of, screen_of, signed_in
from tests.world import World

# For the school and its direct office alone.
OF_A_SCHOOL = {"inspections:reports"}
# Of the town, and not for the schools below it.
OF_OFFICES = {
    "canteen:recalls",
    "collect:tables",
    "inspections:campaigns",
    "inspections:draws",
    "inspections:inspectors",
}


def deeds_of(name: str) -> dict[str, Any]:
    return {action.slug: action for action in SCREENS[name].actions}


def seers(name: str) -> set[str]:
    """Within whose reach the row of a screen lies."""
    if name in OF_OFFICES:
        return AT_TOWN
    if name in OF_A_SCHOOL:
        return NEAR - AT_PROVINCE
    return NEAR if name not in OWNED_ABOVE or name == "console:units" else EVERYBODY


def allowed(name: str, what: str, person: str) -> set[int]:
    """The answers that are right for one person at one screen's address."""
    screen = SCREENS[name]
    view = screen.view_permission
    if what in {"list", "export"}:
        return {200} if person in HOLDERS[view] else {403}
    if what == "labels":
        return {409} if person in HOLDERS[view] else {403}
    if what == "new":
        return (
            {200}
            if person in HOLDERS["sheets.import" if name == "sheets:imports" else screen.create.permission]
            else {403}
        )
    if what.endswith("-many"):
        both = HOLDERS[view] & HOLDERS[deeds_of(name)[what.removesuffix("-many")].permission]
        return {200, 302, 405, 409, 422} if person in both else {403}
    if person not in HOLDERS[view]:
        return {403}
    if person not in seers(name):
        return {404}
    if what == "detail":
        return {200}
    permission = deeds_of(name)[what].permission
    holders = HOLDERS[permission]
    above = {"town": AT_TOWN, "province": AT_PROVINCE}.get(OWNED_ABOVE.get(name, ""))
    may = holders & above if above else holders & NEAR
    return {200, 409, 405, 302} if person in may else {403}


def test_every_address_is_known() -> None:
    unknown = [a for a in ADDRESSES if not screen_of(a)[0] and a not in ODD_PAGES and a not in PUBLIC]
    assert unknown == []


def test_every_permission_is_in_the_table() -> None:
    used = {screen.view_permission for screen in SCREENS.values()}
    used |= {action.permission for screen in SCREENS.values() for action in screen.actions}
    assert used <= HOLDERS.keys()
    assert HOLDERS.keys() - {""} <= all_permissions().keys()


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_everybody_meets_the_right_door(furnished: World, person: str) -> None:
    client = signed_in(furnished, person)
    wrong = []
    for address in ADDRESSES:
        name, what = screen_of(address)
        if not name or address in ROW_PAGES:
            continue
        right = allowed(name, what, person)
        status = client.get(address_of(address, furnished)).status_code
        if status not in right:
            wrong.append(f"{person} GET {address}: {status}, not {sorted(right)}")
        if what in deeds_of(name) and right <= {403, 404}:
            before = AuditEntry.objects.count()
            status = client.post(address_of(address, furnished), {}).status_code
            if status not in right or AuditEntry.objects.count() != before:
                wrong.append(f"{person} POST {address}: {status}, not {sorted(right)}")
    assert wrong == []


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_pages_of_a_row_have_its_door(furnished: World, person: str) -> None:
    client = signed_in(furnished, person)
    wrong = []
    for address, (permission, method, fine) in ROW_PAGES.items():
        name = screen_of(address)[0]
        right = {403} if person not in HOLDERS[permission] else fine if person in seers(name) else {404}
        before = AuditEntry.objects.count()
        status = getattr(client, method)(address_of(address, furnished)).status_code
        if status not in right or (right <= {403, 404} and AuditEntry.objects.count() != before):
            wrong.append(f"{person} {method} {address}: {status}, not {sorted(right)}")
    assert wrong == []


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_odd_pages_have_doors_too(furnished: World, person: str) -> None:
    client = signed_in(furnished, person)
    wrong = []
    for address, (permission, right) in ODD_PAGES.items():
        status = client.get(reverse(address, args=ODD_ARGS.get(address))).status_code
        expected = right if person in HOLDERS[permission] else {403}
        if status not in expected:
            wrong.append(f"{person} {address}: {status}, not {sorted(expected)}")
    assert wrong == []


def test_a_stranger_is_sent_to_sign_in(furnished: World) -> None:
    client = Client()
    for address in ADDRESSES:
        if screen_of(address)[0]:
            answer = client.get(address_of(address, furnished))
            assert answer.status_code == 302, address
            assert answer["Location"].startswith("/accounts/login/"), address
    for address in ODD_PAGES:
        answer = client.get(reverse(address, args=ODD_ARGS.get(address)))
        assert answer.status_code in {302, 405}, address


def test_lists_hold_only_what_is_within_reach(furnished: World) -> None:
    """The office of the other city finds nothing of the town in any list, search or export."""
    client = signed_in(furnished, "chen")
    names = [furnished.school_a.name, furnished.school_b.name, furnished.town.name, "王桂英", "安师傅"]
    for address in ADDRESSES:
        name, what = screen_of(address)
        if not name or what not in {"list", "export"}:
            continue
        answer = client.get(reverse(address), {"format": "csv"} if what == "export" else {})
        if answer.status_code == 200:
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert not [one for one in names if one in text.decode("utf-8-sig")], address
    for word in names:
        content = client.get(reverse("ui:search"), {"q": word}).content.decode()
        assert f"{word}</" not in content.replace(f"“{word}”", "")
