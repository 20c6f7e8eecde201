"""A supplier's licence: its check digit, the old QS number, and a unit that takes nothing without papers."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import Refused
from houqin.flows.credentials.boards import ends_board
from houqin.modules.canteen.actions.certificates import Shown, meet_condition, record_certificate
from houqin.modules.canteen.models import Certificate, Delivery, Lot
from houqin.modules.canteen.policies import REFUSE_WITHOUT_PAPERS
from houqin.modules.canteen.tests.door import Door, make_door
from houqin.modules.canteen.today.papers import to_ask_for
from tests.world import TODAY, World

RICE = {"produced_on": date(2024, 2, 20), "expires_on": date(2025, 2, 19), "batch": "B7"}


@pytest.fixture
def door(world: World) -> Door:
    load_catalogues(by=world.system)
    return make_door(world)


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        ("sc-licence", "SC10137030300017", r"16.*\b6\b"),
        ("jy-licence", "JY33703030000011", r"16.*\b0\b"),
        ("sc-licence", "QS370303010001", "QS"),
        ("sc-licence", "JY33703030000010", "SC"),
    ],
)
def test_a_number_that_cannot_be_a_licence_s_is_not_kept(door: Door, kind: str, number: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as caught:
        record_certificate(
            door.org, by=door.an, supplier=door.supplier, kind=kind, number=number, valid_until=date(2026, 1, 1)
        )
    assert caught.value.field == "number"
    shown = [Shown(kinds=[kind], number=number)]
    with pytest.raises(Refused):
        door.accept(door.line("大米", 25_000, **RICE), certificates=shown)
    assert not Certificate.objects.exists()
    assert not Delivery.objects.exists()


def test_an_old_qs_number_that_was_kept_once_counts_as_missing(door: Door) -> None:
    Certificate.objects.create(
        org=door.org, supplier=door.supplier, kind="sc-licence", number="QS370303010001", valid_until=TODAY + timedelta(days=90),
        recorded_at=door.an.now,
    )  # fmt: skip
    line = door.accept(
        door.line("大米", 25_000, **RICE), certificates=[Shown(kinds=["batch-test-report"], number="R1")]
    ).lines.get()
    assert line.condition == "食品生产许可证（SC）"
    meet_condition(line, by=door.an, number="sc10137030300016")
    assert Certificate.objects.filter(number="SC10137030300016").exists()


def test_where_the_office_says_so_goods_without_papers_are_turned_away(door: Door) -> None:
    bo = door.world.viewer("bo")
    set_policy(door.world.town, by=bo, code=REFUSE_WITHOUT_PAPERS, value=True, reason="全镇统一要求")
    with pytest.raises(Refused):
        door.accept(door.line("鲜猪肉", 30_000))
    assert (Delivery.objects.count(), Lot.objects.count()) == (0, 0)
    shown = [Shown(kinds=["quarantine-certificate", "meat-quality-certificate"], number="4206001")]
    assert door.accept(door.line("鲜猪肉", 30_000), certificates=shown).lines.get().condition == ""


def test_suppliers_papers_stand_beside_the_credentials_on_the_board_and_ask_for_the_new_one(door: Door) -> None:
    ends = [
        ("sc-licence", "SC10137030300016", -10),
        ("sc-licence", "SC10137030300016", 5),
        ("jy-licence", "JY33703030000010", 20),
    ]
    for kind, number, days in ends:
        Certificate.objects.create(
            org=door.org, supplier=door.supplier, kind=kind, number=number, valid_until=TODAY + timedelta(days=days),
            recorded_at=door.an.now,
        )  # fmt: skip
    _columns, rows = ends_board(door.an, None)
    counted = {title: [cell.count for cell in cells] for title, cells, _all in rows}
    assert sorted(counts[:3] for counts in counted.values()) == [[0, 1, 0], [0, 1, 0]]
    client = Client()
    client.force_login(door.world.an)
    with time_machine.travel(door.an.now, tick=False):
        for _title, cells, total in rows:
            for cell in [*cells, total]:
                shown = set(
                    re.findall(r"/canteen/certificates/([0-9a-f-]{36})/", client.get(cell.url).content.decode())
                )
                assert len(shown) == cell.count
    assert len(list(to_ask_for(door.an))) == 2
    assert list(to_ask_for(door.world.viewer("bo"))) == []
