"""Who eats, on its pages: the class teacher's ten seconds, the kitchen's overview, what Today asks, who sees names."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from houqin.core.audit.models import AuditEntry
from houqin.core.calendars.models import DayKind, DayMark
from houqin.core.notices.models import Notice
from houqin.core.people.models import ClassGroup
from houqin.modules.canteen.actions.heads import record_absences, report_heads
from houqin.modules.canteen.models import Absence, Headcount, Meal, NightRoll
from houqin.modules.canteen.queries.class_sheets import sheet_of
from houqin.modules.canteen.queries.heads import heads_for
from houqin.modules.canteen.queries.reports import board_of
from houqin.modules.canteen.tests.dining import BREAKFAST, DINNER, EARLY, LATE, LUNCH, Dining, children, make_dining
from houqin.modules.canteen.today.heads import classes_not_told, forms_of_own_classes, own_class_reports
from houqin.ui.today import placed
from tests.matrix.furnished import signed_in
from tests.world import TODAY, World

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def now(world: World) -> Dining:
    """The same today, which is made a school day."""
    today = timezone.localdate()
    DayMark.objects.create(org=world.town, day=today, kind=DayKind.MAKE_UP)
    return make_dining(world, today)


def page_of(dining: Dining, group: ClassGroup) -> str:
    return reverse("canteen:heads-class", args=[group.pk])


def sent(dining: Dining, **fields: Any) -> dict[str, Any]:
    return {"day": timezone.localdate().isoformat(), **fields}


class TestOfTheClass:
    def test_the_number_stands_there_and_one_button_confirms_it(self, now: Dining) -> None:
        client = signed_in(now.world, "lin")
        shown = client.get(reverse("canteen:heads"), follow=True)
        assert shown.redirect_chain[-1][0] == page_of(now, now.three)
        text = shown.content.decode()
        assert 'value="40"' in text
        assert "data-offline" in text
        assert now.pupils[5].name in text
        answer = client.post(page_of(now, now.three), sent(now, lunch="40", dinner="10"), follow=True)
        assert answer.status_code == 200
        assert set(Headcount.objects.values_list("meal__kind", "eaters")) == {(LUNCH, 40), (DINNER, 10)}

    def test_a_ticked_name_is_an_absence_with_its_last_day(self, now: Dining) -> None:
        pk, until = now.pupils[1].pk, timezone.localdate() + timedelta(days=2)
        fields = {f"away-{pk}": "on", f"why-{pk}": "leave", f"until-{pk}": until.isoformat()}
        signed_in(now.world, "lin").post(page_of(now, now.three), sent(now, lunch="39", dinner="9", **fields))
        row = Absence.objects.get()
        assert (row.pupil_id, row.kind, row.last_on) == (pk, "leave", until)

    def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(self, now: Dining) -> None:
        client = signed_in(now.world, "lin")
        answer = client.post(page_of(now, now.three), sent(now, lunch="400", dinner="9"))
        assert answer.status_code == 422
        assert 'value="400"' in answer.content.decode()
        answer = client.post(page_of(now, now.three), sent(now, lunch="", dinner=""))
        assert answer.status_code == 422
        assert not Headcount.objects.exists()

    def test_the_same_form_twice_reports_once(self, now: Dining) -> None:
        client, key = signed_in(now.world, "lin"), "0190aaaa-0000-7000-8000-000000000001"
        for _time in range(2):
            answer = client.post(page_of(now, now.three), sent(now, lunch="38", dinner="10", _key=key))
            assert answer.status_code == 302
        assert AuditEntry.objects.filter(event="canteen.heads_reported").count() == 1

    @pytest.mark.parametrize("name", ["an", "gao"])
    def test_others_report_numbers_without_names(self, now: Dining, name: str) -> None:
        client = signed_in(now.world, name)
        text = client.get(page_of(now, now.three)).content.decode()
        assert now.pupils[5].name not in text
        client.post(page_of(now, now.three), sent(now, lunch="37", dinner="10", sick="2"))
        row = Headcount.objects.get(meal__kind=LUNCH)
        assert (row.eaters, row.sick, row.away) == (37, 2, 1)

    def test_another_school_finds_nothing(self, now: Dining) -> None:
        client = signed_in(now.world, "hu")
        assert client.get(page_of(now, now.three)).status_code == 404
        assert client.post(page_of(now, now.three), sent(now, lunch="1")).status_code == 404
        assert not Headcount.objects.exists()

    def test_without_a_class_the_school_s_classes_are_listed_without_names(self, now: Dining) -> None:
        text = signed_in(now.world, "an").get(reverse("canteen:heads")).content.decode()
        assert "三年级一班" in text
        assert "四年级一班" in text
        assert now.pupils[5].name not in text

    def test_breakfast_of_this_morning_is_not_asked_but_tomorrow_s_is(self, dining: Dining) -> None:
        from houqin.core.calendars.days import day_info

        def kinds(day: Any) -> list[str]:
            sheet = sheet_of(dining.lin(), dining.three, day_info(dining.world.school_a, day))
            return [meal.kind for meal in sheet.meals]

        assert kinds(TODAY) == [LUNCH, DINNER]
        assert kinds(TOMORROW) == [BREAKFAST, LUNCH, DINNER]

    def test_a_meal_that_was_served_is_not_asked_for(self, now: Dining) -> None:
        now.served(LUNCH, timezone.localdate())
        text = signed_in(now.world, "lin").get(page_of(now, now.three)).content.decode()
        assert 'name="lunch"' not in text
        assert 'name="dinner"' in text

    def test_a_class_without_a_list_starts_from_what_it_told_last(self, dining: Dining) -> None:
        from houqin.core.calendars.days import day_info

        empty = ClassGroup.objects.create(
            org=dining.world.school_a, name="五年级一班", grade="五年级", school_year=2023
        )
        report_heads(empty, by=dining.an(), day=TODAY, meals={LUNCH: 33})
        sheet = sheet_of(dining.an(), empty, day_info(dining.world.school_a, TOMORROW))
        assert {meal.kind: meal.eaters for meal in sheet.meals}[LUNCH] == 33


class TestOfTheSchool:
    def test_the_board_tells_who_is_missing_and_reminds_them(self, now: Dining) -> None:
        client = signed_in(now.world, "an")
        text = client.get(reverse("canteen:heads-board")).content.decode()
        assert "林老师" in text
        client.post(reverse("canteen:heads-remind"), {"day": timezone.localdate().isoformat()})
        assert Notice.objects.get().account == now.world.lin

    def test_staff_and_guests_are_told_on_it(self, now: Dining) -> None:
        fields = {"staff-lunch": "12", "guests-lunch": "3"}
        signed_in(now.world, "an").post(reverse("canteen:heads-board"), sent(now, **fields))
        heads = heads_for((now.world.school_a, timezone.localdate(), LUNCH))
        assert (heads.staff, heads.guests) == (12, 3)

    def test_who_only_reads_finds_no_form(self, now: Dining) -> None:
        client = signed_in(now.world, "shi")
        assert "heads-others" not in client.get(reverse("canteen:heads-board")).content.decode()
        client.post(reverse("canteen:heads-board"), sent(now, **{"staff-lunch": "12"}))
        assert not Headcount.objects.exists()

    def test_an_office_chooses_a_school_first(self, now: Dining) -> None:
        client = signed_in(now.world, "bo")
        assert "三年级一班" not in client.get(reverse("canteen:heads-board")).content.decode()
        chosen = client.get(reverse("canteen:heads-board"), {"under": now.world.school_a.path})
        assert "三年级一班" in chosen.content.decode()

    def test_late_is_told_from_in_time(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(LATE), day=TODAY, meals={LUNCH: 40, DINNER: 10}, absent=[])
        report_heads(dining.four, by=dining.an(EARLY), day=TODAY, meals={LUNCH: 30})
        board = board_of(dining.world.school_a, TODAY)
        assert [(line.group.name, line.missing, line.is_late) for line in board.lines] == [
            ("三年级一班", False, True), ("四年级一班", False, False),
        ]  # fmt: skip

    def test_it_costs_the_same_for_two_classes_and_for_thirty(self, dining: Dining) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                board_of(dining.world.school_a, TODAY)
            return len(queries)

        few = cost()
        for number in range(30):
            group = ClassGroup.objects.create(org=dining.world.school_a, name=f"五年级{number}班", school_year=2023)
            children(group, 3, boarders=1)
        assert cost() == few <= 12

    def test_the_night_roll_is_called_class_by_class(self, now: Dining) -> None:
        night = timezone.localdate().isoformat()
        client = signed_in(now.world, "lin")
        assert "三年级一班" in client.get(reverse("canteen:heads-night"), {"night": night}).content.decode()
        client.post(reverse("canteen:heads-night"), {"night": night, f"present-{now.three.pk}": "8"})
        assert (NightRoll.objects.get().present, NightRoll.objects.get().on_roll) == (8, 10)


class TestToday:
    def test_a_class_teacher_is_asked_until_the_due_time(self, dining: Dining) -> None:
        (row,) = own_class_reports(dining.lin(EARLY))
        assert "三年级一班" in str(row.what)
        assert row.until == datetime(2024, 3, 4, 0, 0, tzinfo=UTC)
        assert placed(row, dining.lin(EARLY)).bucket == "now"
        assert placed(row, dining.lin(LATE)).bucket == "overdue"
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 40, DINNER: 10}, absent=[])
        (done,) = own_class_reports(dining.lin(EARLY))
        assert (done.bucket, done.count) == ("done", 1)

    def test_nobody_is_asked_when_there_is_no_school(self, dining: Dining) -> None:
        DayMark.objects.create(org=dining.world.town, day=TODAY, kind=DayKind.HOLIDAY)
        assert list(own_class_reports(dining.lin(EARLY))) == []
        assert list(classes_not_told(dining.an(LATE))) == []

    def test_the_kitchen_hears_of_the_missing_when_the_time_is_over(self, dining: Dining) -> None:
        assert list(classes_not_told(dining.an(EARLY))) == []
        (row,) = classes_not_told(dining.an(LATE))
        assert str(row.what).startswith("2")
        assert list(classes_not_told(dining.world.viewer("bo", LATE))) == []

    def test_in_the_evening_the_night_roll_is_asked_for(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 40, DINNER: 10}, absent=[])
        evening = datetime(2024, 3, 4, 11, 0, tzinfo=UTC)
        rows = [row for row in own_class_reports(dining.lin(evening)) if row.url == reverse("canteen:heads-night")]
        assert len(rows) == 1

    def test_the_phone_keeps_the_forms(self, dining: Dining) -> None:
        kept = list(forms_of_own_classes(dining.lin()))
        assert kept == [page_of(dining, dining.three), reverse("canteen:heads-night")]
        assert list(forms_of_own_classes(dining.an())) == [reverse("canteen:heads-board")]
        assert list(forms_of_own_classes(dining.world.viewer("du"))) == []


class TestNames:
    @pytest.fixture
    def meal(self, dining: Dining) -> Meal:
        record_absences(dining.three, by=dining.lin(), day=TODAY, absent=[(dining.pupils[1], "sick", TODAY)])
        return Meal.objects.create(org=dining.world.school_a, day=TODAY, kind=LUNCH)

    def test_who_was_away_is_covered_until_asked_and_the_look_is_recorded(self, dining: Dining, meal: Meal) -> None:
        page, name = reverse("canteen:meals-detail", args=[meal.public_id]), dining.pupils[1].name
        gao = signed_in(dining.world, "gao")
        covered = gao.get(page).content.decode()
        assert name not in covered
        assert f"{name[0]}**" in covered
        assert "?full=1" in covered
        assert name in gao.get(page, {"full": "1"}).content.decode()
        entry = AuditEntry.objects.get(event="ui.personal_data_shown")
        assert entry.detail["columns"] == ["pupil__name"]

    @pytest.mark.parametrize(("name", "covered"), [("an", False), ("shi", False), ("bo", True), ("eve", True)])
    def test_who_needs_no_names_gets_none(self, dining: Dining, meal: Meal, name: str, covered: bool) -> None:
        client: Client = signed_in(dining.world, name)
        text = client.get(reverse("canteen:meals-detail", args=[meal.public_id]), {"full": "1"}).content.decode()
        pupil = dining.pupils[1].name
        assert pupil not in text
        assert (f"{pupil[0]}**" in text) == covered

    def test_a_late_change_stands_on_the_meal_s_page(self, dining: Dining) -> None:
        report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 40}, absent=[])
        report_heads(dining.three, by=dining.lin(LATE), day=TODAY, meals={LUNCH: 35}, absent=[])
        page = reverse("canteen:meals-detail", args=[Meal.objects.get(kind=LUNCH).public_id])
        text = signed_in(dining.world, "shi").get(page).content.decode()
        assert "林老师" in text
        assert "35" in text
        assert "40" in text
