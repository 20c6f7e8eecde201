"""The demo loads whole, is marked, and leaves nothing behind."""

from datetime import date

import pytest
from django.apps import apps

from houqin.config import demo
from houqin.config.demo import kitchen
from houqin.config.demo.cast import PARTS, SCHOOLS
from houqin.core.audit.models import AuditEntry
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.models import ScopedModel
from houqin.core.scope.refusals import Refused
from houqin.flows.indicators.models import DailyFact
from houqin.modules.canteen.models import DeliveryLine, Lot, Meal, Recall
from houqin.modules.canteen.queries.dishes import menus_of

EARLY = date(2026, 9, 11)
TABLES = [model for model in apps.get_models() if issubclass(model, ScopedModel)]
KEPT = {
    "catalogues.CatalogueItem",
    "indicators.DailyFact",
}  # figures are reckoned of all units, also of those not of the demo


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in TABLES}


@pytest.mark.django_db
def test_the_demo_comes_and_goes(world) -> None:
    demo.load(today=EARLY)
    assert OrgUnit.objects.filter(is_demo=True).schools().count() == len(SCHOOLS) + 1
    assert [account.username for account in demo.accounts()] == [part.username for part in PARTS]
    assert DeliveryLine.objects.exists()
    meals = Meal.objects.filter(day=EARLY).select_related("org")
    assert menus_of(meals).keys() == {meal.pk for meal in meals}
    assert not Lot.objects.filter(on_hand_grams__lt=0).exists()
    assert list(Recall.objects.order_by("proposed_at").values_list("state", "is_drill")) == [
        ("closed", True),
        ("proposed", True),
    ]
    with pytest.raises(Refused):
        demo.load(today=EARLY)
    world_before = {"orgs.OrgUnit": 10, "people.Account": 12}
    demo.remove()
    left = counts()
    assert {label: left[label] for label in world_before} == world_before
    assert not Account.objects.filter(is_demo=True).exists()
    assert not AuditEntry.objects.exclude(org_path="").exists()
    untouched = {"orgs.SchoolFacts", "people.Pupil", "people.ClassGroup", "people.Guardianship", "grants.Grant"}
    paths = OrgUnit.objects.values("path")
    assert not DailyFact.objects.exclude(org_path__in=paths).exists()
    empty = left.keys() - world_before.keys() - untouched - KEPT - {"audit.AuditEntry"}
    assert {label: left[label] for label in empty if left[label]} == {}
    with pytest.raises(Refused):
        demo.remove()


def test_a_term_is_the_same_every_time() -> None:
    days = kitchen.school_days(date(2026, 11, 21))
    assert (days[0], days[-1]) == (date(2026, 9, 1), date(2026, 11, 20))
    assert not [day for day in days if day.weekday() > 4 or date(2026, 10, 1) <= day <= date(2026, 10, 7)]
    first = [list(kitchen.deliveries(school, 1, days)) for school in SCHOOLS]
    assert first == [list(kitchen.deliveries(school, 1, days)) for school in SCHOOLS]


@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.code)
def test_no_kitchen_runs_short(school) -> None:
    days = kitchen.school_days(date(2026, 10, 30))
    stock: dict[str, int] = {}
    bought = list(kitchen.deliveries(school, 1, days))
    used = list(kitchen.issues(school, 1, days))
    for day in days:
        for line in bought:
            if line.day == day:
                stock[line.product] = stock.get(line.product, 0) + line.grams
        for issue in used:
            if issue.day == day:
                stock[issue.product] = stock.get(issue.product, 0) - issue.grams
        assert min(stock.values()) >= 0, (day, stock)
