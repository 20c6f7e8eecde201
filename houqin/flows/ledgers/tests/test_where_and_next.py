"""Where a ledger is written: by its label, at which school, what comes next, what a phone keeps; and what pages cost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from houqin.core.grants.models import Grant
from houqin.core.people.models import Person
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.registry import url_of
from houqin.flows.ledgers.doing import following
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.offline import todays_ledgers
from houqin.flows.ledgers.tests.kept import COLD, ROOMS, declare, make_place
from houqin.flows.ledgers.tests.writer import FRIDGES, Writer, due
from houqin.ui.labels import find
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def an(world: World) -> Writer:
    return Writer(world)


def test_a_label_opens_exactly_that_places_duty(an: Writer, world: World) -> None:
    declare(FRIDGES)
    place, other = make_place(world.school_a, "一号"), make_place(world.school_a, "二号")
    viewer = world.viewer("an", now=timezone.now())
    assert find(viewer, place.label_code) == f"/ledgers/at/{place.label_code}/", (
        "nothing is due: what may be written anyway"
    )
    due(world, "fridges", place)
    due(world, "fridges", other)
    url = find(viewer, place.label_code)
    assert url.startswith("/ledgers/fridges/write/")
    sheet = an.client.get(url).context["form"].row
    assert (sheet.place, sheet.lines) == (place, ())
    assert an.client.post(url, {"v-temperature": "5"}).status_code == 302
    assert Duty.objects.get(state=DutyState.DONE).about == place.subject
    declare(FRIDGES, code="fridge-wash")
    due(world, "fridge-wash", other)
    assert find(viewer, other.label_code) == f"/ledgers/at/{other.label_code}/"
    assert "fridge-wash" in an.client.get(f"/ledgers/at/{other.label_code}/").content.decode()


def test_a_label_at_which_nothing_is_due_leads_on(an: Writer, world: World) -> None:
    """The ledgers of the place, when each falls due next, and the way to write one all the same."""
    declare(FRIDGES)
    declare(ROOMS)
    declare(FRIDGES, code="fridge-wash", title_en="Washing of refrigerators", demand="own")
    place, shed = make_place(world.school_a, "一号"), make_place(world.school_a, "工具间", "")
    page = an.client.get(f"/ledgers/at/{place.label_code}/")
    assert [(one.title, one.until) for one in page.context["anyway"]] == [("Cold stores", None)]
    later = due(world, "fridges", place)
    Duty.objects.filter(pk=later.pk).update(
        opens_at=timezone.now() + timedelta(days=2), due_at=timezone.now() + timedelta(days=3)
    )
    due(world, "fridges", make_place(world.school_a, "二号"))
    page = an.client.get(f"/ledgers/at/{place.label_code}/")
    (choice,) = page.context["anyway"]
    assert choice.until == Duty.objects.get(pk=later.pk).opens_at
    assert "Nothing is due here now" in page.content.decode()
    assert "due again from" in page.content.decode()
    assert an.client.post(choice.url, {"v-temperature": "5"}).status_code == 302
    assert LedgerEntry.objects.get().about == place.subject
    viewer = world.viewer("an", now=timezone.now())
    assert "/ledgers/" not in find(viewer, shed.label_code), "no ledger is kept of it: its own page"
    assert "No ledger is kept" in an.client.get(f"/ledgers/at/{shed.label_code}/").content.decode()
    assert find(world.viewer("hu"), place.label_code) == ""


def test_what_may_be_written_anyway_costs_the_same_for_one_ledger_and_for_many(an: Writer, world: World) -> None:
    declare(FRIDGES)
    place = make_place(world.school_a, "一号")

    def cost() -> int:
        an.client.get(f"/ledgers/at/{place.label_code}/")
        with CaptureQueriesContext(connection) as queries:
            assert an.client.get(f"/ledgers/at/{place.label_code}/").status_code == 200
        return len(queries)

    few = cost()
    for number in range(5):
        declare(FRIDGES, code=f"fridges-{number}")
    assert cost() == few


def test_another_schools_label_place_and_person_do_not_exist(an: Writer, world: World) -> None:
    declare(FRIDGES)
    declare(ROOMS)
    foreign = make_place(world.school_b, "乙校一号", "dormitory-room")
    own = make_place(world.school_a, "101", "dormitory-room")
    refused = an.client.get(f"/ledgers/fridges/write/?place={foreign.label_code}")
    assert refused.status_code == 404
    assert "Scan the label of the right place" in refused.content.decode()
    assert an.client.get(f"/ledgers/at/{foreign.label_code}/").status_code == 404
    assert an.client.get(f"/ledgers/rooms/write/?org={world.school_b.path}").status_code == 404
    key = "0123456789ab"
    assert an.sends("rooms", {f"l-{key}": f"{foreign.public_id}|{foreign.name}"}).status_code == 404
    assert an.opens("fridges", place=own.label_code).status_code == 409, "another kind of place: told in words"
    assert not LedgerEntry.objects.exists()


def test_what_another_page_writes_is_written_there(an: Writer, world: World) -> None:
    declare(COLD, code="fed", fed_by="canteen:kitchen")
    assert an.opens("fed").headers["Location"] == "/canteen/kitchen/"
    world.an.person = Person.objects.create(org=world.school_a, name="安师傅")
    world.an.save()
    fed = due(world, "fed")
    Duty.objects.filter(pk=fed.pk).update(person=world.an.person)
    assert list(todays_ledgers(world.viewer("an", now=timezone.now()))) == []
    declare(FRIDGES)
    duty = due(world, "fridges", make_place(world.school_a, "一号"))
    assert url_of(duty) == f"/ledgers/fridges/write/?org={world.school_a.path}&day={duty.day.isoformat()}"


def test_who_writes_at_several_schools_chooses_one(world: World, an: Writer) -> None:
    declare(COLD)
    Grant.objects.create(account=world.an, role="keeper", org=world.school_b, from_on=date(2020, 1, 1))
    page = an.client.get("/ledgers/cold-store/write/")
    assert f"?under={world.school_b.path}" in page.content.decode()
    there = f"/ledgers/cold-store/write/?under={world.school_b.path}"
    assert 'name="v-temperature"' in an.client.get(there).content.decode()
    assert an.client.post(there, {"v-temperature": "5"}).status_code == 302
    assert LedgerEntry.objects.get().org == world.school_b


def test_the_next_ledger_is_offered_in_the_order_of_the_list(an: Writer, world: World) -> None:
    world.an.person = Person.objects.create(org=world.school_a, name="安师傅")
    world.an.save()
    for number, code in enumerate(("first", "second", "third")):
        declare(COLD, code=code, title_en=code, schedules=[{"every": "day"}])
        duty = due(world, code)
        Duty.objects.filter(pk=duty.pk).update(person=world.an.person, due_at=duty.due_at + timedelta(minutes=number))
    day = timezone.localdate().isoformat()
    assert "next: third" in an.opens("second", day=day).content.decode()
    assert "next: first" in an.opens("third", day=day).content.decode(), "what was passed over"
    answer = an.sends("second", {"v-temperature": "5", "then": "next"}, day=day)
    assert answer.headers["Location"] == an.at("first", day=day)


def test_who_may_not_write_is_told_so(world: World) -> None:
    declare(COLD)
    assert Writer(world, "du").opens("cold-store").status_code == 403
    assert Writer(world, "bo").opens("cold-store").status_code == 403
    assert Writer(world, "hu").opens("cold-store").status_code == 404
    assert Writer(world).opens("no-such-ledger").status_code == 404


def test_todays_forms_are_kept_on_the_phone(an: Writer, world: World) -> None:
    declare(FRIDGES)
    person = Person.objects.create(org=world.school_a, name="安师傅")
    world.an.person = person
    world.an.save()
    for name in ("一号", "二号"):
        duty = due(world, "fridges", make_place(world.school_a, name))
        Duty.objects.filter(pk=duty.pk).update(person=person)
    kept = list(todays_ledgers(world.viewer("an", now=timezone.now())))
    assert len(kept) == 1, "one page for both"
    page = an.client.get(kept[0])
    assert page.status_code == 200
    assert "data-offline" in page.content.decode()
    assert list(todays_ledgers(world.viewer("du", now=timezone.now()))) == []


def test_what_is_kept_and_what_comes_next_cost_the_same_for_many_places(an: Writer, world: World) -> None:
    declare(FRIDGES)
    world.an.person = Person.objects.create(org=world.school_a, name="安师傅")
    world.an.save()
    counts = []
    for names in (range(2), range(2, 30)):
        for number in names:
            duty = due(world, "fridges", make_place(world.school_a, f"fridge {number}"))
            Duty.objects.filter(pk=duty.pk).update(person=world.an.person)
        viewer = world.viewer("an", now=timezone.now())
        list(todays_ledgers(viewer))
        with CaptureQueriesContext(connection) as seen:
            assert len(list(todays_ledgers(viewer))) == 1
            assert following(viewer, after="") is not None
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_hundred_rooms_cost_the_queries_of_three(an: Writer, world: World) -> None:
    declare(ROOMS)
    counts = []
    for names in (range(3), range(3, 100)):
        for number in names:
            make_place(world.school_a, f"room {number}", "dormitory-room")
        an.opens("rooms")
        with CaptureQueriesContext(connection) as seen:
            assert an.opens("rooms").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
