"""Two who report for one class at once, and the kitchen counting while a class reports."""

from typing import Any

import pytest

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import Refused
from houqin.modules.canteen.actions.heads import report_heads
from houqin.modules.canteen.actions.live import record_headcount
from houqin.modules.canteen.models import Absence, Headcount, Meal
from houqin.modules.canteen.tests.dining import LUNCH, Dining, make_dining
from houqin.modules.canteen.tests.test_races import at_once
from tests.world import NOON, TODAY, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dining() -> Dining:
    return make_dining(make_world())


def test_two_teachers_of_one_class_leave_one_report_and_one_absence(dining: Dining) -> None:
    sick = dining.pupils[1]

    def report(by: Any, eaters: int) -> Any:
        return lambda: report_heads(
            dining.three, by=by, day=TODAY, meals={LUNCH: eaters}, absent=[(sick, "sick", TODAY)]
        )

    gao = dining.world.viewer("gao", dining.lin().now)
    outcome = at_once(report(dining.lin(), 39), report(gao, 38))
    assert not [one for one in outcome if isinstance(one, Refused)]
    row = Headcount.objects.get(class_group=dining.three)
    last = AuditEntry.objects.filter(event="canteen.heads_reported").order_by("pk").last()
    assert row.eaters == last.detail["eaters"][LUNCH]
    assert Absence.objects.count() == 1


def test_a_phone_that_sends_twice_at_once_reports_once(dining: Dining) -> None:
    def report() -> Any:
        return report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 39}, absent=[])

    at_once(report, report)
    assert Headcount.objects.get(class_group=dining.three).eaters == 39
    assert AuditEntry.objects.filter(event="canteen.heads_reported").count() == 1


def test_the_kitchen_counting_meanwhile_never_takes_a_report_away(dining: Dining) -> None:
    meal = Meal.objects.create(org=dining.world.school_a, day=TODAY, kind=LUNCH)
    at_once(
        lambda: report_heads(dining.three, by=dining.lin(), day=TODAY, meals={LUNCH: 39}, absent=[]),
        lambda: record_headcount(meal, by=dining.an(NOON), counts={dining.three: 36}),
    )
    row = Headcount.objects.get(class_group=dining.three)
    assert (row.eaters, row.reported_at is not None) == (39, True)
