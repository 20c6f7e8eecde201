"""A meal on the phone: one tap where nothing is unusual, what is refused stays typed, Today tells the next step."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from houqin.core.orgs.models import SchoolFacts
from houqin.modules.canteen.actions.meals import (
    ForMeal,
    Measured,
    SampleRow,
    begin_serving,
    end_serving,
    issue_meal,
    measure_dishes,
    retain_samples,
    taste_meal,
)
from houqin.modules.canteen.models import Delivery, Issue, Lot, MealCheck, Menu, MenuChange, Sample
from houqin.modules.canteen.queries.kitchen import meal_url
from houqin.modules.canteen.queries.kitchens_today import live_kitchens, meals_today
from houqin.modules.canteen.tests.kitchen_scene import LUNCH, Kitchen, make_kitchen
from houqin.modules.canteen.today.kitchen import disposal, meals, pages_of_meals
from houqin.ui.today import Bucket, TodayRow
from tests.matrix.furnished import signed_in
from tests.world import NOON, TODAY, World

STEW, BOILED = "土豆烧鸡腿", "米饭"


@pytest.fixture
def now(world: World) -> Kitchen:
    """The same lunch, today."""
    return make_kitchen(world, timezone.localdate())


def url_of(kitchen: Kitchen) -> str:
    return meal_url(kitchen.world.school_a, kitchen.today, "lunch")


def send(client: Client, kitchen: Kitchen, step: str, **fields: Any) -> Any:
    """Tap the button of a step with what stands in its form."""
    page = client.get(url_of(kitchen))
    form = page.context["forms"][step.replace("-", "_")]
    typed = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "")}
    for lines in form.line_sets.values():
        typed |= {bound.html_name: bound.value() for bound in lines.management_form}
    return client.post(f"{url_of(kitchen)}&step={step}", {"_key": str(form.key), **typed, **fields})


class TestSteps:
    def test_a_lunch_goes_through_its_steps_with_one_tap_each(self, now: Kitchen) -> None:
        keeper, cook = signed_in(now.world, "an"), signed_in(now.world, "shi")
        assert keeper.get(url_of(now)).context["next"] == "issue"
        assert send(keeper, now, "issue").status_code == 302
        assert dict(Lot.objects.values_list("batch", "on_hand_grams")) == {"A": 0, "B": 16_000, "C": 3_000, "D": 0}
        assert cook.get(url_of(now)).context["next"] == "check"
        assert send(cook, now, "measure", **{"core-0": "96", "core-1": "64,5"}).status_code == 302
        assert "64.5" in cook.get(url_of(now)).content.decode()
        send(cook, now, "measure", **{"core-1": "72.5"})
        send(cook, now, "taste")
        assert cook.get(url_of(now)).context["next"] == "sample"
        assert send(cook, now, "sample", **{"box-1": "2"}).status_code == 302
        assert list(Sample.objects.order_by("pk").values_list("dish", "grams", "box")) == [
            (BOILED, 125, ""),
            (STEW, 125, "2"),
        ]
        send(cook, now, "begin")
        send(cook, now, "end")
        page = cook.get(url_of(now))
        assert page.context["next"] is None
        assert [check.kind for check in MealCheck.objects.order_by("pk")] == [
            "core", "core", "core", "tasted", "serving", "served",
        ]  # fmt: skip

    def test_a_second_tap_of_the_same_form_issues_nothing_twice(self, now: Kitchen) -> None:
        client, key = signed_in(now.world, "an"), str(uuid4())
        for _tap in range(2):
            assert send(client, now, "issue", _key=key).status_code == 302
        assert Issue.objects.count() == 3

    def test_a_page_that_is_older_than_somebody_elses_issue_takes_nothing(self, now: Kitchen) -> None:
        client = signed_in(now.world, "an")
        rice = now.goods["大米"].pk
        issue_meal(
            now.world.school_a, by=now.world.viewer("gao", now=timezone.now()), meal=ForMeal(now.today, "lunch"),
            lines=now.wanted(大米=9),
        )  # fmt: skip
        answer = send(client, now, "issue", seen="0", **{f"grams-{rice}": "9"})
        assert answer.status_code == 422
        assert Issue.objects.count() == 1

    def test_what_is_refused_stays_typed_and_says_who_may_sign(self, now: Kitchen) -> None:
        Delivery.objects.filter(lines__lot__batch="C").update(signed_at=None)
        client, chicken = signed_in(now.world, "an"), f"grams-{now.goods['鸡腿'].pk}"
        shown = client.get(url_of(now)).content.decode()
        assert "石师傅" in shown
        answer = send(client, now, "issue", **{chicken: "7"})
        assert answer.status_code == 422
        assert answer.context["forms"]["issue"][chicken].value() == "7"
        assert not Issue.objects.exists()
        assert send(client, now, "issue", urgent_reason="只有我一人", **{chicken: "7"}).status_code == 302
        assert Issue.objects.get(product__name="鸡腿").urgent_reason == "只有我一人"

    def test_by_hand_from_a_named_lot_with_something_that_is_not_on_the_menu(self, now: Kitchen) -> None:
        now.goods["盐"] = now.goods["大米"].__class__.objects.create(org=now.world.town, name="盐")
        now.lot("盐", 5, "E", 3)
        client, rice = signed_in(now.world, "an"), now.goods["大米"].pk
        more = {"more-0-product": now.goods["盐"].pk, "more-0-grams": "0.3"}
        lot = {f"grams-{rice}": "3", f"lot-{rice}": now.lots["B"].pk}
        assert send(client, now, "issue", **more, **lot).status_code == 302
        assert dict(Lot.objects.values_list("batch", "on_hand_grams"))["B"] == 17_000
        assert Issue.objects.get(product__name="盐").quantity_grams == 300

    def test_the_cook_sees_what_is_issued_and_cannot_issue(self, now: Kitchen) -> None:
        client = signed_in(now.world, "shi")
        assert "issue" not in client.get(url_of(now)).context["forms"]
        assert client.post(f"{url_of(now)}&step=issue", {"_key": str(uuid4())}).status_code in {403, 422}
        assert not Issue.objects.exists()

    def test_another_school_is_not_shown(self, now: Kitchen) -> None:
        page = signed_in(now.world, "hu").get(url_of(now))
        assert now.world.school_a.name not in page.content.decode()
        assert "service" not in page.context

    def test_a_menu_changes_on_its_own_page(self, now: Kitchen) -> None:
        client = signed_in(now.world, "shi")
        page = url_of(now).replace("/kitchen/", "/kitchen/change/")
        like = now.menu.dishes.get(name=BOILED)
        fields = {"_key": str(uuid4()), "dropped": STEW, "added": "蛋炒饭", "like": like.pk, "why": "gas"}
        assert client.post(page, fields | {"why": ""}).status_code == 422
        assert client.post(page, fields).status_code == 302
        assert MenuChange.objects.get().added.name == "蛋炒饭"
        assert "蛋炒饭" in client.get(url_of(now)).content.decode()

    def test_a_meal_costs_the_same_for_two_dishes_and_for_more(self, now: Kitchen) -> None:
        client = signed_in(now.world, "gao")

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url_of(now)).status_code == 200
            return len(queries)

        cost()
        few = cost()
        for number in range(8):
            dish = now.menu.dishes.create(org=now.world.town, name=f"菜{number}", position=9)
            dish.ingredients.create(org=now.world.town, product=now.goods["土豆"], grams_per_head=1)
        assert cost() == few <= 60


class TestSamplePages:
    def test_a_label_leads_to_its_sample_and_many_are_disposed_of_together(self, now: Kitchen) -> None:
        cook = now.world.viewer("shi", now=timezone.now())
        kept = retain_samples(
            now.world.school_a,
            by=cook,
            meal=ForMeal(now.today, "lunch"),
            rows=[SampleRow(BOILED, 125), SampleRow(STEW, 120)],
        )
        client = signed_in(now.world, "shi")
        found = client.get(reverse("ui:label", args=[kept[0].label_code]))
        assert found.url == reverse("canteen:samples-detail", args=[kept[0].public_id])
        picks = [("pick", str(one.public_id)) for one in kept]
        labels = client.get(reverse("canteen:samples-labels"), {"pick": [ref for _name, ref in picks]}).content.decode()
        assert BOILED in labels
        assert "石师傅" in labels
        past = timezone.now() - timedelta(hours=49)
        Sample.objects.update(taken_at=past, keep_until=past + timedelta(hours=48))
        body = {"pick": [ref for _name, ref in picks], "note": "餐厨垃圾", "_key": str(uuid4())}
        assert client.post(reverse("canteen:samples-dispose-sample-many"), body).status_code == 302
        assert Sample.objects.kept().count() == 0


def told(kitchen: Kitchen, name: str, **later: float) -> list[TodayRow]:
    """What Today tells one of the cast about meals, so much later than noon."""
    return list(meals(kitchen.at(name, **later)))


class TestToday:
    def test_the_next_step_for_those_whose_step_it_is(self, kitchen: Kitchen) -> None:
        school = kitchen.world.school_a
        Menu.objects.update(org=school)
        assert [row.icon for row in told(kitchen, "an")] == ["package-export"]
        assert told(kitchen, "shi") == told(kitchen, "gao") == []
        issue_meal(school, by=kitchen.an, meal=LUNCH, lines=kitchen.wanted(大米=9))
        assert [row.icon for row in told(kitchen, "shi")] == ["temperature"]
        measure_dishes(school, by=kitchen.shi, meal=LUNCH, dishes=[Measured(BOILED, 960), Measured(STEW, 640)])
        assert STEW in str(told(kitchen, "shi")[0].what)
        measure_dishes(school, by=kitchen.shi, meal=LUNCH, dishes=[Measured(STEW, 740)])
        taste_meal(school, by=kitchen.shi, meal=LUNCH)
        assert [row.icon for row in told(kitchen, "shi")] == ["fridge"]
        begin_serving(school, by=kitchen.shi, meal=LUNCH)
        assert [(row.icon, row.bucket) for row in told(kitchen, "gao")] == [("fridge-off", Bucket.OVERDUE)]
        retain_samples(school, by=kitchen.shi, meal=LUNCH, rows=[SampleRow(BOILED, 125), SampleRow(STEW, 125)])
        assert told(kitchen, "gao") == []
        assert [row.icon for row in told(kitchen, "shi")] == ["flag-check"]
        end_serving(school, by=kitchen.shi, meal=LUNCH)
        assert told(kitchen, "shi") == told(kitchen, "an") == []

    def test_a_school_that_keeps_paper_is_left_alone(self, kitchen: Kitchen) -> None:
        Delivery.objects.update(origin="paper")
        assert list(live_kitchens(kitchen.an)) == told(kitchen, "an") == []
        Delivery.objects.filter(lines__lot__batch="D").update(origin="live")
        assert list(live_kitchens(kitchen.an)) == [kitchen.world.school_a]
        assert list(live_kitchens(kitchen.at("an", days=30))) == []

    def test_samples_that_may_go(self, kitchen: Kitchen) -> None:
        retain_samples(kitchen.world.school_a, by=kitchen.shi, meal=LUNCH, rows=[SampleRow(STEW, 125)])
        assert list(disposal(kitchen.at("shi", hours=47))) == []
        row = next(disposal(kitchen.at("shi", hours=48)))
        assert row.until == NOON + timedelta(hours=72)
        assert list(disposal(kitchen.at("gao", hours=48))) == []

    def test_it_costs_no_more_for_three_meals_than_for_one(self, kitchen: Kitchen) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                meals_today([kitchen.world.school_a], TODAY)
            return len(queries)

        few = cost()
        kitchen.breakfast("粥", "馒头")
        assert few <= cost() <= 18, "a dish of the day costs two more, however many there are"

    def test_a_meal_that_nobody_eats_asks_for_nothing(self, kitchen: Kitchen) -> None:
        kitchen.breakfast("粥")
        assert {meal.kind for meal in meals_today([kitchen.world.school_a], TODAY)} == {"breakfast", "lunch"}
        SchoolFacts.objects.update(boarders=0)
        assert {meal.kind for meal in meals_today([kitchen.world.school_a], TODAY)} == {"lunch"}

    def test_a_kitchen_keeps_its_pages_on_the_phone(self, kitchen: Kitchen) -> None:
        kept = list(pages_of_meals(kitchen.shi))
        assert meal_url(kitchen.world.school_a, None, "lunch") in kept
        assert {row.url for row in told(kitchen, "an")} <= set(kept)
        assert list(pages_of_meals(kitchen.world.viewer("lin"))) == []
