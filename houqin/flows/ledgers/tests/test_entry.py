"""The page on which a ledger is written: what cannot be is asked again, what is not in order is told, nothing is done twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from houqin.core.files.tests.pictures import upload
from houqin.core.people.actions.pins import set_pin
from houqin.core.places.models import Place
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.bodies import stored
from houqin.flows.ledgers.models import EntryPhoto, LedgerEntry
from houqin.flows.ledgers.tests.kept import COLD, ROOMS, VISITORS, declare, make_place
from houqin.flows.ledgers.tests.writer import FRIDGES, SERVED, Writer, due, errors, told
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def an(world: World) -> Writer:
    return Writer(world)


def test_78_for_7_8_is_asked_again_and_taken_when_it_is_confirmed(an: Writer) -> None:
    declare(COLD)
    refused = an.sends("cold-store", {"v-temperature": "78"}, slot="am")
    assert errors(refused) == {"v-temperature-sure": ["7.8 °C, 25.6 °C or 78 °C?"]}
    assert "data-doubt" in refused.content.decode()
    assert not LedgerEntry.objects.exists()
    sent = an.sends("cold-store", {"v-temperature": "78", "v-temperature-sure": "on", "v-remark": "断电"}, slot="am")
    assert sent.status_code == 302
    assert stored(LedgerEntry.objects.get())[0] == {"temperature": 780, "remark": "断电"}


def test_a_reading_is_never_filled_in_but_what_is_usual_is(an: Writer) -> None:
    declare(SERVED)
    an.sends("served", {"v-began": "00:00", "v-method": "bleach", "v-heat": "60"})
    form = an.opens("served").context["form"]
    assert form["v-method"].value() == "bleach", "as last time"
    assert form["v-heat"].value() is None, "read anew each time"
    assert form["v-began"].value() == timezone.localtime().strftime("%H:%M")


def test_another_answer_asks_for_a_figure(an: Writer) -> None:
    declare(SERVED)
    assert "v-heat" in errors(an.sends("served", {"v-began": "00:00", "v-method": "steam"}))
    cold = an.sends("served", {"v-began": "00:00", "v-method": "steam", "v-heat": "90"})
    assert cold.status_code == 302, "a reading out of limits is taken and told"
    assert "1" in told(cold)
    assert LedgerEntry.objects.get().breaches == 1


def test_a_time_to_come_and_a_day_to_come_are_refused(an: Writer) -> None:
    declare(SERVED)
    late = timezone.localtime() + timedelta(minutes=20)
    if late.date() == timezone.localdate():
        assert "v-began" in errors(an.sends("served", {"v-began": late.strftime("%H:%M"), "v-method": "bleach"}))
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert an.opens("served", day=tomorrow).status_code == 409
    assert an.sends("served", {"v-began": "00:00", "v-method": "bleach"}, day=tomorrow).status_code in (302, 409)
    assert not LedgerEntry.objects.exists()


def test_what_was_forgotten_yesterday_says_why(an: Writer) -> None:
    declare(SERVED)
    day = (timezone.localdate() - timedelta(days=2)).isoformat()
    sent = {"v-began": "12:00", "v-method": "bleach"}
    assert "late_because" in errors(an.sends("served", sent, day=day))
    assert an.sends("served", {**sent, "late_because": "停电"}, day=day).status_code == 302
    assert LedgerEntry.objects.get().late_because == "停电"


def test_a_list_in_order_is_one_button_and_what_is_not_says_so(an: Writer, world: World) -> None:
    declare(ROOMS, post="cook")
    for number in range(3):
        make_place(world.school_a, f"10{number}", "dormitory-room")
    duties = [due(world, "rooms", place) for place in Place.objects.all()]
    keys = an.lines("rooms")
    lines = {f"l-{key}": f"{Place.objects.get(name=name).public_id}|{name}" for name, key in keys.items()}
    odd = keys["101"]
    half = an.sends("rooms", {**lines, f"x-{odd}": "on", f"l-{odd}-door": "sound"})
    assert f"x-{odd}" in errors(half), "marked, but nothing is wrong"
    bare = an.sends("rooms", {**lines, f"x-{odd}": "on", f"l-{odd}-door": "broken"})
    assert f"l-{odd}-remark" in errors(bare), "what was done about it"
    assert not LedgerEntry.objects.exists()
    sent = {**lines, f"x-{odd}": "on", f"l-{odd}-door": "broken", f"l-{odd}-remark": "已报修"}
    answer = an.sends("rooms", sent)
    assert "2 places in order, 1 place not (101)" in told(answer)
    entry = LedgerEntry.objects.get()
    assert [(line["line"]["name"], line["door"]) for line in stored(entry)[1]] == [
        ("100", "sound"), ("101", "broken"), ("102", "sound"),
    ]  # fmt: skip
    done = Duty.objects.filter(pk__in=[duty.pk for duty in duties], state=DutyState.DONE, evidence_id=entry.public_id)
    assert done.count() == 3, "one entry, the duties of all three"


def test_several_places_are_read_on_one_page_and_each_has_its_entry(an: Writer, world: World) -> None:
    declare(FRIDGES)
    for name in ("一号", "二号", "三号"):
        due(world, "fridges", make_place(world.school_a, name))
    keys = an.lines("fridges")
    lines = {f"l-{key}": f"{Place.objects.get(name=name).public_id}|{name}" for name, key in keys.items()}
    figures = {f"l-{keys['一号']}-temperature": "4", f"l-{keys['二号']}-temperature": "−2"}
    assert an.sends("fridges", {**lines, **figures}).status_code == 302
    entries = LedgerEntry.objects.order_by("about__label")
    assert {(entry.about.label, stored(entry)[0]["temperature"]) for entry in entries} == {("一号", 40), ("二号", -20)}
    left = Duty.objects.get(state=DutyState.OPEN)
    assert left.about is not None
    assert left.about.label == "三号", "what was left out stays due"
    again = an.opens("fridges").context["form"].row
    assert again.place == Place.objects.get(name="三号"), "only what is due is asked again"
    assert "l-" not in str(an.sends("fridges", {}).context["form"].errors), "nothing filled in is told"


def test_what_stands_there_already_makes_no_line(an: Writer, world: World) -> None:
    """Of two dispensers one is washed: the other's usual answers are no record of it."""
    usual = {"code": "rinsed", "zh": "冲洗", "en": "Rinsed", "kind": "yes_no", "default": "yes"}
    declare(FRIDGES, columns=[*FRIDGES["columns"][:1], usual])
    for name in ("一号", "二号"):
        due(world, "fridges", make_place(world.school_a, name))
    keys = an.lines("fridges")
    lines = {f"l-{key}": f"{Place.objects.get(name=name).public_id}|{name}" for name, key in keys.items()}
    rinsed = {f"l-{key}-rinsed": "yes" for key in keys.values()}
    assert an.sends("fridges", {**lines, **rinsed}).status_code == 422, "nothing was read"
    assert an.sends("fridges", {**lines, **rinsed, f"l-{keys['一号']}-temperature": "4"}).status_code == 302
    assert [entry.about_id for entry in LedgerEntry.objects.all()] == [Place.objects.get(name="一号").subject_id]


def test_a_line_that_is_added_begins_with_what_is_usual(an: Writer) -> None:
    lines: dict[str, Any] = {"of": "free", "zh": "收运", "en": "Collected", "columns": [
        {"code": "firm", "zh": "单位", "en": "Firm", "kind": "text", "prefill": "last"},
        {"code": "kg", "zh": "重量", "en": "Weight", "kind": "weight", "unit": "kg"},
        {"code": "fine", "zh": "合同", "en": "Contract", "kind": "yes_no", "default": "yes"}]}  # fmt: skip
    declare(VISITORS, code="oil", lines=lines)
    sent = {"l-TOTAL_FORMS": "2", "l-0-firm": "洁源", "l-0-fine": "yes", "l-0-kg": "12.5", "l-1-fine": "yes"}
    assert an.sends("oil", sent).status_code == 302
    assert [line["kg"] for line in stored(LedgerEntry.objects.get())[1]] == [12_500], "the untouched second one is none"
    form = an.opens("oil").context["form"]
    assert (form["l-0-firm"].value(), form["l-0-fine"].value(), form["l-0-kg"].value()) == ("洁源", "yes", None)


def test_nothing_to_report_is_a_button_of_its_own(an: Writer) -> None:
    declare(VISITORS)
    assert 'name="nothing"' in an.opens("visitors").content.decode()
    assert an.sends("visitors", {"nothing": "1", "l-TOTAL_FORMS": "1", "l-0-name": ""}).status_code == 302
    assert LedgerEntry.objects.get().nothing_to_report
    declare(COLD)
    assert 'name="nothing"' not in an.opens("cold-store").content.decode()
    assert an.sends("cold-store", {"nothing": "1"}, slot="am").status_code == 422, "a reading is never nothing"


def test_two_devices_send_the_same_and_it_is_written_once(world: World) -> None:
    declare(COLD)
    first, second = Writer(world), Writer(world)
    sent = {"v-temperature": "5"}
    answers = [one.later("cold-store", sent, waited=timedelta(minutes=30)).json() for one in (first, second)]
    assert [answer["state"] for answer in answers] == ["done", "done"]
    assert LedgerEntry.objects.count() == 1


def test_a_clock_three_days_off_tells_the_right_time(world: World) -> None:
    declare(COLD)
    waited = timedelta(minutes=10)
    answer = Writer(world).later("cold-store", {"v-temperature": "5"}, waited=waited, off=timedelta(days=3)).json()
    assert answer["state"] == "done"
    assert answer["clock"]
    entry = LedgerEntry.objects.get()
    assert abs(entry.at - (timezone.now() - waited)) < timedelta(minutes=1)
    assert entry.day == timezone.localdate(entry.at)


def test_an_entry_is_corrected_by_the_same_form_and_says_why(an: Writer) -> None:
    declare(COLD)
    an.sends("cold-store", {"v-temperature": "9"}, slot="am")
    entry = LedgerEntry.objects.get()
    address = f"/ledgers/entries/{entry.public_id}/correct/"
    assert an.client.get(address).context["form"]["v-temperature"].value() == "9"
    assert "why" in errors(an.client.post(address, {"v-temperature": "5"}))
    assert an.client.post(address, {"v-temperature": "5", "why": "看错了"}).status_code == 302
    later = LedgerEntry.objects.get(amends=entry.public_id)
    assert (later.why, stored(later)[0]) == ("看错了", {"temperature": 50})
    assert Writer(an.world, "hu").client.get(address).status_code == 404


def test_a_second_person_signs_by_pin_or_the_remark_says_why_not(an: Writer, world: World) -> None:
    declare(COLD, code="weighed", countersign=True)
    set_pin(by=world.viewer("shi", now=timezone.now()), pin="283917")
    sent = {"v-temperature": "5"}
    assert "second" in errors(an.sends("weighed", sent))
    signed = {**sent, "second": str(world.shi.pk)}
    assert "pin" in errors(an.sends("weighed", signed))
    assert "pin" in errors(an.sends("weighed", {**signed, "pin": "111222"}))
    assert not LedgerEntry.objects.exists()
    assert an.sends("weighed", {**signed, "pin": "283917"}).status_code == 302
    assert an.sends("weighed", {"v-temperature": "6", "v-remark": "只有一人在岗"}).status_code == 302
    assert LedgerEntry.objects.count() == 2


def test_a_photo_is_asked_for_where_the_ledger_says_why(an: Writer) -> None:
    why = {"why_zh": "痕迹看得出种类", "why_en": "The trace tells the kind"}
    declare(COLD, code="always", photo={"asked": "always", **why})
    declare(COLD, code="odd", photo={"asked": "on_breach", **why})
    page = an.opens("always")
    assert "The trace tells the kind" in page.content.decode()
    assert "photo" in errors(an.sends("always", {"v-temperature": "5"}))
    assert an.sends("always", {"v-temperature": "5", "photo": upload()}).status_code == 302
    assert EntryPhoto.objects.count() == 1
    assert an.sends("odd", {"v-temperature": "9"}).status_code == 302, "asked for, but a reading is never held back"
