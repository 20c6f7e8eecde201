"""A copy of everything kept of one person: complete, of nobody else, only for whoever may hand it out, and on the trail."""

import io

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.people.actions.copying import copy_personal_data
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.models import Person
from houqin.core.scope.refusals import NotVisible
from houqin.flows.sheets.reading.books import read_book
from houqin.modules.canteen.actions.heads import record_absences
from tests.world import NOON, TODAY, World


@pytest.fixture
def wang(world: World) -> Person:
    lines = [RosterLine("王桂英", post="厨师"), RosterLine("李四", post="库管员")]
    record_roster(world.school_a, by=world.viewer("gao"), lines=lines, from_on=TODAY)
    found: Person = Person.objects.get(name="王桂英")
    Person.objects.filter(pk=found.pk).update(phone="13812341234")
    type(world.lin).objects.filter(pk=world.lin.pk).update(person=found)
    EmailAddress.objects.create(user=world.lin, email="lin@mail.example", verified=True, primary=True)
    EmailAddress.objects.create(user=world.an, email="an@mail.example")
    SocialAccount.objects.create(user=world.lin, provider="office", uid="lin-88170", extra_data={"unit": "后勤科"})
    Authenticator.objects.create(user=world.lin, type="totp", data={"secret": "of-the-phone"})
    found.refresh_from_db()
    return found


def test_it_holds_the_person_the_post_the_account_and_its_roles_and_nobody_else(world: World, wang: Person) -> None:
    found = {one.label: one for one in copy_personal_data(wang, by=world.viewer("gao"))}
    assert {"people.person", "people.postholding", "people.account", "grants.grant"} <= found.keys()
    text = str([one.rows for one in found.values()])
    assert "王桂英" in text
    assert "13812341234" in text
    assert "李四" not in text
    account = found["people.account"]
    assert "lin" in account.rows[0]
    assert world.lin.password not in text
    assert found["account.emailaddress"].rows == [["lin@mail.example", "True", "True"]]
    assert {"lin-88170", "{'unit': '后勤科'}"} <= set(found["socialaccount.socialaccount"].rows[0])
    assert len(found["mfa.authenticator"].rows) == 1
    assert "of-the-phone" not in text
    assert not [head for head in account.heads if "password" in head.lower() or "密码" in head]


def test_a_child_s_copy_holds_absences_and_guardians(world: World) -> None:
    record_absences(world.group, by=world.viewer("lin"), day=TODAY, absent=[(world.child, "sick", TODAY)])
    found = {one.label: len(one.rows) for one in copy_personal_data(world.child, by=world.viewer("gao"))}
    assert (found["people.pupil"], found["people.guardianship"], found["canteen.absence"]) == (1, 1, 1)


def test_it_is_taken_by_whoever_may_erase_and_stands_on_the_trail(world: World, wang: Person) -> None:
    before = AuditEntry.objects.count()
    for name, met in (("an", PermissionDenied), ("lin", PermissionDenied), ("hu", NotVisible), ("chen", NotVisible)):
        with pytest.raises(met):
            copy_personal_data(wang, by=world.viewer(name, NOON))
    assert AuditEntry.objects.count() == before
    found = copy_personal_data(wang, by=world.viewer("gao"))
    entry = AuditEntry.objects.get(event="people.copied")
    assert (entry.actor_name, entry.subject_id) == ("高校长", str(wang.public_id))
    assert entry.detail == {"tables": len(found), "rows": sum(len(one.rows) for one in found)}


def test_it_comes_as_a_workbook_that_can_be_read(world: World, wang: Person) -> None:
    client = Client()
    client.force_login(world.gao, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("console:staff-detail", args=[wang.public_id])).content.decode()
    address = reverse("console:staff-copy", args=[wang.public_id])
    assert address in page
    answer = client.get(address)
    book = read_book("copy.xlsx", io.BytesIO(b"".join(answer.streaming_content)).getvalue())  # type: ignore[attr-defined]
    assert "王桂英" in [grid.text(1, column) for grid in book.grids[:1] for column in range(grid.width)]
    assert "no-store" in answer["Cache-Control"]
    other = client.get(reverse("console:pupils-copy", args=[world.child.public_id]))
    assert other.status_code == 200
