"""Deeds: offered where possible, done once, and nothing typed is lost when they are refused."""

from uuid import uuid4

import pytest
from django.test import Client

from houqin.core.audit.models import AuditEntry
from houqin.core.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("houqin.ui.tests.playground")]


@pytest.fixture
def person(world) -> Person:
    return Person.objects.create(org=world.school_a, name="王小明", phone="13800000001")


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def at(person: Person, deed: str = "") -> str:
    return f"/play/persons/{person.public_id}/{deed}"


def test_a_row_out_of_reach_does_not_exist(world, person):
    assert client_of(world.chen).get(at(person)).status_code == 404
    assert client_of(world.hu).get(at(person)).status_code == 404
    assert client_of(world.hu).post(at(person, "rename-person/"), {"name": "x"}).status_code == 404
    assert client_of(world.an).get(at(person)).status_code == 200
    assert client_of(world.an).get(at(person, "rename-person/")).status_code == 403


def test_only_what_is_permitted_and_possible_is_offered(world, person):
    assert [
        b.words for b in client_of(world.gao).get(at(person)).context["screen"].buttons(person, _viewer(world.gao))
    ] == [
        "Rename",
        "Weigh",
        "Show",
        "Dismiss",
    ]
    assert b"dismiss-person" not in client_of(world.an).get(at(person)).content
    person.left_on = "2024-01-01"
    person.save()
    assert b"dismiss-person" not in client_of(world.gao).get(at(person)).content


def _viewer(account):
    from houqin.core.grants.viewers import viewer_for

    return viewer_for(account)


def test_a_deed_is_done_told_and_stands_on_the_timeline(world, person):
    gao = client_of(world.gao)
    response = gao.post(at(person, "rename-person/"), {"name": "王大明"}, follow=True)
    person.refresh_from_db()
    assert person.name == "王大明"
    assert response.redirect_chain == [(at(person), 302)]
    assert "test.renamed" in response.content.decode()


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(world, person):
    response = client_of(world.gao).post(at(person, "rename-person/"), {"name": "nobody", "portion": "2.5"})
    assert response.status_code == 422
    assert response.context["form"].errors["name"] == ["No one is called so. Write the name of the roster."]
    assert b'value="nobody"' in response.content
    assert b'value="2.5"' in response.content
    person.refresh_from_db()
    assert person.name == "王小明"
    assert not AuditEntry.objects.filter(event="test.renamed").exists()


def test_a_refusal_without_a_field_stands_above_the_form(world, person):
    response = client_of(world.gao).post(at(person, "rename-person/"), {"name": "never"})
    assert response.context["form"].non_field_errors() == ["Names are closed today. Come back tomorrow."]


def test_sent_twice_is_done_once(world, person):
    gao, key = client_of(world.gao), str(uuid4())
    for name in ("王一", "王二"):
        assert gao.post(at(person, "rename-person/"), {"name": name, "_key": key})["Location"] == at(person)
    person.refresh_from_db()
    assert person.name == "王一"
    assert AuditEntry.objects.filter(event="test.renamed").count() == 1


def test_what_cannot_be_undone_asks_once_more_by_its_name(world, person):
    gao = client_of(world.gao)
    page = gao.get(at(person, "dismiss-person/")).content.decode()
    assert "<span>Dismiss 王小明</span>" in page
    gao.post(at(person, "dismiss-person/"))
    person.refresh_from_db()
    assert person.left_on is not None


def test_a_wrong_number_says_what_is_right(world, person):
    response = client_of(world.gao).post(at(person, "rename-person/"), {"name": "x", "portion": "1.2345"})
    assert "0.001" in response.context["form"].errors["portion"][0]
    response = client_of(world.gao).post(at(person, "rename-person/"), {"name": "x", "portion": "１２．５"})
    assert response.status_code == 302


def test_a_refusal_on_an_odd_page_comes_back_as_a_sentence(world):
    response = client_of(world.gao).post("/play/odd/", headers={"Referer": "http://testserver/more/"}, follow=True)
    assert response.redirect_chain == [("http://testserver/more/", 302)]
    assert "Not on a Sunday." in response.content.decode()


def _lines(*pairs: tuple[str, str]) -> dict[str, str]:
    data = {"day": "2024-03-04", "lines-TOTAL_FORMS": str(len(pairs)), "lines-INITIAL_FORMS": "0"}
    for index, (what, kg) in enumerate(pairs):
        data |= {f"lines-{index}-what": what, f"lines-{index}-kg": kg}
    return data


def test_lines_reach_the_verb_as_a_list_and_blank_ones_are_dropped(world, person):
    client_of(world.gao).post(at(person, "weigh/"), _lines(("大米", "12.5"), ("", ""), ("面粉", "3")))
    entry = AuditEntry.objects.get(event="test.weighed")
    assert entry.detail["lines"] == [{"what": "大米", "kg": 12500}, {"what": "面粉", "kg": 3000}]


def test_a_wrong_line_says_so_and_nothing_is_done(world, person):
    response = client_of(world.gao).post(at(person, "weigh/"), _lines(("大米", "")))
    assert response.status_code == 422
    assert "kg" in response.context["form"].line_sets["lines"].forms[0].errors
    assert not AuditEntry.objects.filter(event="test.weighed").exists()
