"""What a month's score brings by the contract: explained on the sheet, reckoned again whenever it is read, decided by the school."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from houqin.core.catalogues.models import CatalogueItem
from houqin.core.scope.refusals import Refused
from houqin.modules.inspections.actions.answering import Given, answer_items
from houqin.modules.inspections.actions.contracts import agree_service, end_service
from houqin.modules.inspections.actions.signing import sign_visit
from houqin.modules.inspections.deductions import deductions_of, months_of
from houqin.modules.inspections.models import ServiceContract, Visit
from houqin.modules.inspections.rules import kept_back
from houqin.modules.inspections.tests.kept import GRADES, begun, item, signs
from tests.world import NOON, TODAY, World

STEPS = [(90, 0), (80, 2), (60, 5), (0, 10)]
FEE = 861_234


@pytest.fixture(autouse=True)
def _list(db: None) -> Iterator[None]:
    body = {
        "family": "property", "minutes": 10, "grades": GRADES,
        "sections": [
            {"zh": "保洁", "en": "Cleaning", "service": "cleaning", "items": [item("stairs", weight=3), item("bins", weight=2)]},
            {"zh": "安保", "en": "Guards", "service": "guards", "items": [item("gate"), item("card", red_line=True, severity=3)]},
        ],
    }  # fmt: skip
    CatalogueItem.objects.create(
        area="checklists", code="services", version=1, title_zh="物业考核", title_en="Services", source="GB 1", confidence="A",
        effective_from="2020-01-01", body=body, digest="services1",
    )  # fmt: skip
    with time_machine.travel(NOON, tick=False):
        yield


def agreed(world: World, who: str = "gao", **more: Any) -> ServiceContract:
    told = {
        "service": "cleaning", "firm": "洁净物业", "fee_fen": FEE, "steps": STEPS, "from_on": TODAY,
        "until_on": TODAY + timedelta(days=364),
    } | more  # fmt: skip
    return agree_service(world.school_a, by=world.viewer(who), **told)


def scored(world: World, **outcomes: str) -> Visit:
    row = begun(world, lists=["services"])
    answers = [
        Given("services", code, outcome=outcomes.get(code, "ok"), at=NOON)
        for code in ("stairs", "bins", "gate", "card")
    ]
    answer_items(row, by=world.viewer("bo"), answers=answers)
    return sign_visit(row, by=world.viewer("bo"), signs=signs())


def test_the_score_of_the_section_gives_the_step_and_the_step_the_money(world: World) -> None:
    agreed(world)
    row = scored(world, bins="failed")
    (one,) = deductions_of(row, world.viewer("gao"))
    assert (one.score, one.percent, one.fen, one.pay_fen) == (6000, 5, 43_061, FEE - 43_061)
    assert one.lost == [("项目bins", "0 / 2")]
    assert months_of(one.contract, world.viewer("gao")) == [(row, one)]


def test_a_red_line_of_a_service_is_its_own(world: World) -> None:
    agreed(world)
    agreed(world, service="guards", steps=[(60, 0), (0, 20)])
    found = {one.contract.service: one for one in deductions_of(scored(world, card="failed"), world.viewer("gao"))}
    assert (found["cleaning"].percent, found["guards"].percent) == (0, 20)
    assert found["guards"].fen == FEE * 20 // 100


def test_what_was_reckoned_stays_when_the_contract_ends(world: World) -> None:
    row, contract = scored(world, bins="failed"), None
    assert deductions_of(row, world.viewer("gao")) == [], "no contract, no money"
    contract = agreed(world)
    before = deductions_of(row, world.viewer("gao"))
    end_service(contract, by=world.viewer("gao", now=NOON + timedelta(days=30)), reason="到期不续")
    assert deductions_of(row, world.viewer("gao")) == before
    with pytest.raises(Refused):
        end_service(contract, by=world.viewer("gao"), reason="再来一次")
    agreed(world, firm="另一家")


@pytest.mark.parametrize(
    "more",
    [
        {"steps": []}, {"steps": [(90, 0), (60, 5)]}, {"steps": [(60, 0), (90, 5), (0, 9)]}, {"steps": [(90, 5), (0, 2)]},
        {"steps": [(0, 101)]}, {"firm": " "}, {"service": "laundry"}, {"until_on": TODAY - timedelta(days=1)},
    ],
)  # fmt: skip
def test_what_is_refused_writes_nothing(world: World, more: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        agreed(world, **more)
    assert not ServiceContract.objects.exists()


def test_one_contract_a_service_and_only_by_those_who_may(world: World) -> None:
    agreed(world)
    with pytest.raises(Refused):
        agreed(world)
    with pytest.raises(PermissionDenied):
        agreed(world, "shi", service="green")
    assert ServiceContract.objects.count() == 1


def test_it_stands_on_the_visit_and_on_paper(world: World) -> None:
    contract = agreed(world)
    row = scored(world, bins="failed")
    client = Client()
    client.force_login(world.gao, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name, ref in (("visits-detail", row), ("visits-payment", row), ("contracts-detail", contract)):
        page = client.get(reverse(f"inspections:{name}", args=[ref.public_id]))
        assert page.status_code == 200, name
        assert "¥430.61" in page.content.decode(), name
    client.force_login(world.hu, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("inspections:visits-payment", args=[row.public_id])).status_code == 404
    bare = scored_without(world)
    client.force_login(world.gao, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("inspections:visits-payment", args=[bare.public_id])).status_code == 404


def scored_without(world: World) -> Visit:
    end_service(ServiceContract.objects.get(), by=world.viewer("gao"), reason="解除")
    return scored(world)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.integers(0, 10**10), st.integers(0, 10_000), st.booleans())
def test_never_more_than_all_and_never_less_for_worse(fee: int, score: int, red: bool) -> None:
    percent, fen = kept_back(fee, score, red=red, steps=STEPS)
    assert 0 <= fen <= fee
    assert fen == fee * percent // 100
    better = kept_back(fee, min(score + 1, 10_000), red=red, steps=STEPS)
    assert better[0] <= percent
    assert kept_back(fee, score, red=True, steps=STEPS)[0] == STEPS[-1][1]
