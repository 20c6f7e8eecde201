"""A higher office tightens limits that hold under a condition too; nobody below loosens one, and none contradicts another."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from houqin.core.scope.refusals import Refused
from houqin.flows.ledgers.actions.adopting import adopt_ledger
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.costs import cost_at
from houqin.flows.ledgers.models import Adoption
from houqin.flows.ledgers.rules.asking import Bounds
from houqin.flows.ledgers.tests import kept
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    translation.activate("en")


STEAM: dict[str, Any] = kept.COLD | {
    "columns": [
        {"code": "how", "zh": "方式", "en": "Method", "kind": "choice", "choices": [
            {"code": "steam", "zh": "蒸汽", "en": "steam"}, {"code": "bleach", "zh": "含氯", "en": "bleach"},
        ]},
        {"code": "temperature", "zh": "温度", "en": "Temperature", "kind": "temperature", "required": False, "limits": [
            {"min": 100, "when": {"how": "steam"}, "source": "规范", "confidence": "B"},
            {"max": 60, "when": {"how": "bleach"}, "source": "规范", "confidence": "B"},
        ]},
    ],
}  # fmt: skip


def on_steam(least: int | None = None, most: int | None = None, how: str = "steam") -> Bounds:
    low, high = (None if one is None else Decimal(one) for one in (least, most))
    return Bounds(low, high, {"how": how})


@pytest.mark.parametrize(
    "wish",
    [
        [on_steam(90)],
        [on_steam(100)],
        [on_steam(most=90)],
        [on_steam(120), on_steam(most=110)],
        [Bounds(max=Decimal(80))],
        [Bounds(min=Decimal(70))],
    ],
)
def test_a_limit_under_a_condition_is_loosened_by_nobody_and_contradicted_by_nothing(
    world: World, wish: list[Bounds]
) -> None:
    kept.declare(STEAM)
    with pytest.raises(Refused):
        adopt_ledger(world.town, by=world.viewer("bo"), ledger="cold-store", why="加严", limits={"temperature": wish})
    assert not Adoption.objects.exists()


def test_a_limit_under_a_condition_is_tightened_there_only(world: World) -> None:
    kept.declare(STEAM)
    wish = {"temperature": [on_steam(110), on_steam(most=50, how="bleach")]}
    adopt_ledger(world.town, by=world.viewer("bo"), ledger="cold-store", why="加严", limits=wish)

    def breaches(how: str, tenths: int) -> int:
        values = {"how": how, "temperature": tenths}
        return record_entry(
            world.school_a, by=world.viewer("an"), ledger="cold-store", slot="am", values=values
        ).breaches

    assert [breaches("steam", 1050), breaches("steam", 1100), breaches("bleach", 550), breaches("bleach", 500)] == [
        1,
        0,
        1,
        0,
    ]
    assert cost_at(world.town, "cold-store", [], [], TODAY).in_words() == "It takes no minute more."


def test_the_form_offers_each_condition_keeps_what_is_asked_and_tells_the_cost(world: World, client: Any) -> None:
    kept.declare(STEAM)
    client.force_login(world.bo)
    address = f"/ledgers/asked/cold-store/?unit={world.town.public_id}"
    form = client.get(address).context["form"]
    named = {name: field.label for name, field in form.fields.items() if name.startswith("least-")}
    assert named == {
        "least-temperature": "Temperature at least (°C)",
        "least-temperature-1": "Temperature at least (°C) · Method: steam",
        "least-temperature-2": "Temperature at least (°C) · Method: bleach",
    }
    assert form.fields["least-temperature-1"].help_text == "Now: ≥ 100 °C"
    sent = {"why": "加严", "least-temperature-1": "110", "columns-TOTAL_FORMS": "0", "columns-INITIAL_FORMS": "0"}
    priced = client.post(address, sent)
    assert "It takes no minute more." in priced.content.decode()
    assert not Adoption.objects.exists()
    loose = client.post(address, sent | {"least-temperature-1": "90", "sure": "1"})
    assert loose.status_code == 422
    assert "≥ 90 °C (Method: steam) is looser" in loose.content.decode()
    assert client.post(address, sent | {"sure": "1"}).status_code == 302
    assert client.get(address).context["form"].initial["least-temperature-1"] == 110
    assert Adoption.objects.get().limits["temperature"][0]["when"] == {"how": "steam"}


def test_the_hint_tells_what_the_limits_come_to(world: World, client: Any) -> None:
    kept.declare(kept.COLD)
    five = {"temperature": [Bounds(max=Decimal(5))]}
    adopt_ledger(world.town, by=world.viewer("bo"), ledger="cold-store", why="加严", limits=five)
    client.force_login(world.an)
    page = client.get(f"/ledgers/cold-store/write/?org={world.school_a.path}&slot=am")
    assert next(ask.hint for ask in page.context["form"].head.asks) == "≤ 5 °C"
