"""Deeds on ticked rows: named once more, done together through the same verb, or not at all."""

from uuid import uuid4

import pytest
from django.test import Client

from houqin.core.audit.models import AuditEntry
from houqin.core.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("houqin.ui.tests.playground")]
MANY = "/play/persons/many/dismiss-person/"


@pytest.fixture
def staff(world) -> list[Person]:
    return [Person.objects.create(org=world.school_a, name=name) for name in ("王一", "王二", "王永久")]


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def picks(*staff: Person) -> dict[str, object]:
    return {"pick": [str(person.public_id) for person in staff]}


def left() -> set[str]:
    return set(Person.objects.filter(left_on__isnull=False).values_list("name", flat=True))


def test_only_rows_that_it_is_possible_for_can_be_ticked(world, staff):
    staff[0].left_on = "2024-01-01"
    staff[0].save()
    page = client_of(world.gao).get("/play/persons/").content.decode()
    assert f'value="{staff[0].public_id}" form="bulk"' not in page
    assert f'value="{staff[1].public_id}" form="bulk"' in page
    assert 'name="pick"' not in client_of(world.an).get("/play/persons/").content.decode()


def test_the_ticked_rows_are_named_and_done_together(world, staff):
    gao = client_of(world.gao)
    page = gao.get(MANY, picks(*staff[:2])).content.decode()
    assert "Dismiss (2)" in page.replace("（2 项）", " (2)")
    assert gao.post(MANY, picks(*staff[:2]) | {"_key": str(uuid4())}).status_code == 302
    assert left() == {"王一", "王二"}
    assert AuditEntry.objects.filter(event="test.dismissed").count() == 2


def test_one_refusal_is_named_and_undoes_the_others(world, staff):
    answer = client_of(world.gao).post(MANY, picks(*staff))
    assert answer.status_code == 422
    assert "王永久 stays." in answer.content.decode()
    assert {one.row.name for one in answer.context["doing"]} == {"王一", "王二"}
    assert left() == set()
    assert not AuditEntry.objects.filter(event="test.dismissed").exists()


def test_sent_twice_it_is_done_once(world, staff):
    gao, sent = client_of(world.gao), picks(staff[0]) | {"_key": str(uuid4())}
    assert [gao.post(MANY, sent).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(event="test.dismissed").count() == 1


def test_rows_out_of_reach_are_not_there_and_nothing_ticked_is_said(world, staff):
    assert client_of(world.chen).post(MANY, picks(*staff), follow=True).status_code != 500
    assert client_of(world.an).post(MANY, picks(*staff)).status_code == 403
    assert client_of(world.gao).get(MANY).status_code == 409
    assert client_of(world.gao).get(MANY, {"pick": ["x", "1"]}).status_code == 409
    assert left() == set()
