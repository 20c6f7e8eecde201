"""Papers at the door are credentials: a licence's check digit, whose a paper is, who looks at it, and no goods without."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import Refused
from houqin.flows.credentials.actions.recording import record_credential, renew_credential
from houqin.flows.credentials.actions.verifying import revoke_credential
from houqin.flows.credentials.boards import ends_board
from houqin.flows.credentials.duties import PREFIX
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.queries import to_verify
from houqin.flows.duties.models import Duty
from houqin.modules.canteen.actions.certificates import Shown, meet_condition
from houqin.modules.canteen.actions.goods import record_product
from houqin.modules.canteen.models import Delivery, Lot
from houqin.modules.canteen.policies import REFUSE_WITHOUT_PAPERS
from houqin.modules.canteen.queries.certificates import PaperKinds, carried_over, valid_papers
from houqin.modules.canteen.tests.door import Door, make_door
from tests.world import TODAY, World

RICE = {"produced_on": date(2024, 2, 20), "expires_on": date(2025, 2, 19), "batch": "B7"}


@pytest.fixture
def door(world: World) -> Door:
    load_catalogues(by=world.system)
    return make_door(world)


def keep(door: Door, kind: str, number: str, days: int, **more: Any) -> Credential:
    until = TODAY + timedelta(days=days)
    return record_credential(
        door.supplier.subject, by=door.an, org=door.org, kind=kind, number=number, expires_on=until, **more
    )


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
        keep(door, kind, number, 365)
    assert caught.value.field == "number"
    shown = [Shown(kinds=[kind], number=number)]
    with pytest.raises(Refused):
        door.accept(door.line("大米", 25_000, **RICE), certificates=shown)
    assert not Credential.objects.exists()
    assert not Delivery.objects.exists()


def test_an_old_qs_number_that_was_kept_once_counts_as_missing(door: Door) -> None:
    Credential.objects.create(
        org=door.org, holder=door.supplier.subject, kind="sc-licence", number="QS370303010001",
        expires_on=TODAY + timedelta(days=90), recorded_at=door.an.now,
    )  # fmt: skip
    line = door.accept(
        door.line("大米", 25_000, **RICE), certificates=[Shown(kinds=["batch-test-report"], number="R1")]
    ).lines.get()
    assert line.condition == "食品生产许可证（SC）"
    meet_condition(line, by=door.an, number="sc10137030300016")
    assert Credential.objects.filter(number="SC10137030300016").exists()


def test_a_paper_of_one_lot_is_the_lot_s_and_one_of_several_the_supplier_s(door: Door) -> None:
    shown = [
        Shown(kinds=["quarantine-certificate", "meat-quality-certificate"], number="4206001"),
        Shown(kinds=["sc-licence"], number="SC10137030300016", valid_until=TODAY + timedelta(days=400)),
    ]
    made = door.accept(door.line("鲜猪肉", 30_000), door.line("鸡腿", 20_000), certificates=shown)
    pork = made.lines.get(lot__product__name="鲜猪肉")
    held = {row.kind: row.holder for row in Credential.objects.select_related("holder")}
    assert held == {
        "quarantine-certificate": door.supplier.subject,
        "meat-quality-certificate": pork.lot.subject,
        "sc-licence": door.supplier.subject,
    }
    assert not Credential.objects.filter(verified_at__isnull=False).exists()
    assert set(pork.certificates.values_list("kind", flat=True)) == {
        "quarantine-certificate",
        "meat-quality-certificate",
    }


def test_the_licence_of_the_door_waits_for_a_second_look_and_a_batch_s_paper_does_not(door: Door) -> None:
    until = TODAY + timedelta(days=400)
    shown = [
        Shown(kinds=["sc-licence"], number="SC10137030300016", valid_until=until),
        Shown(kinds=["batch-test-report"], number="R1"),
    ]
    assert door.accept(door.line("大米", 25_000, **RICE), certificates=shown).lines.get().condition == ""
    assert [row.kind for row in to_verify(door.world.viewer("gao"))] == ["sc-licence"]
    counts = ends_board(door.world.viewer("gao"), None).figures
    assert (counts.standing, counts.ended, counts.soon, counts.unverified) == (1, 0, 0, 1)
    client = Client()
    client.force_login(door.world.gao)
    with time_machine.travel(door.an.now, tick=False):
        for view, count in {"standing": 1, "unverified": 1, "batch": 1, "ending": 0}.items():
            page = client.get(f"/credentials/papers/?view={view}").content.decode()
            assert len(set(re.findall(r"/credentials/papers/([0-9a-f-]{36})/", page))) == count, view


def test_the_same_number_shown_again_is_the_same_paper(door: Door) -> None:
    shown = [Shown(kinds=["quarantine-certificate"], number="4206 001")]
    lines = (door.line("鲜猪肉", 30_000), door.line("鸡腿", 20_000))
    door.accept(*lines, certificates=shown)
    door.accept(*lines, certificates=shown)
    row = Credential.objects.get()
    assert (row.number, row.lines.count()) == ("4206001", 4)
    revoke_credential(row, by=door.world.viewer("gao"), reason="伪造")
    later = door.accept(*lines, certificates=shown)
    assert Credential.objects.count() == 2
    assert not later.lines.filter(certificates=row).exists()


def test_a_revoked_paper_is_not_carried_over(door: Door) -> None:
    row = keep(door, "sc-licence", "SC10137030300016", 90)
    report = [Shown(kinds=["batch-test-report"], number="R1")]
    assert door.accept(door.line("大米", 25_000, **RICE), certificates=report).lines.get().condition == ""
    revoke_credential(row, by=door.world.viewer("gao"), reason="吊销")
    again = door.accept(door.line("大米", 25_000, **RICE)).lines.get()
    assert again.condition == "食品生产许可证（SC）"


def test_a_paper_only_for_some_goods_vouches_for_no_others_and_so_does_its_renewal(door: Door) -> None:
    rice, milk = (record_product(door.org, by=door.an, name=name, category="grain") for name in ("有机米", "香米"))
    row = keep(door, "sc-licence", "SC10137030300016", 30, about=rice.subject)
    renew_credential(row, by=door.an, expires_on=TODAY + timedelta(days=60))
    kinds = PaperKinds(TODAY)
    papers = valid_papers(kinds, door.org, door.supplier, TODAY + timedelta(days=31))
    assert [paper.about for paper in papers] == [rice.subject]
    assert carried_over(kinds, papers, rice) == papers
    assert carried_over(kinds, papers, milk) == []


def test_each_school_keeps_the_licence_of_the_town_s_supplier_for_itself(door: Door) -> None:
    mine = keep(door, "sc-licence", "SC10137030300016", 30)
    theirs = record_credential(
        door.supplier.subject, by=door.world.viewer("hu"), org=door.world.school_b, kind="sc-licence",
        number="SC10137030300016", expires_on=TODAY + timedelta(days=30),
    )  # fmt: skip
    assert theirs.renews is None
    assert valid_papers(PaperKinds(TODAY), door.org, door.supplier, TODAY) == [mine]


def test_where_the_office_says_so_goods_without_papers_are_turned_away(door: Door) -> None:
    bo = door.world.viewer("bo")
    set_policy(door.world.town, by=bo, code=REFUSE_WITHOUT_PAPERS, value=True, reason="全镇统一要求")
    with pytest.raises(Refused):
        door.accept(door.line("鲜猪肉", 30_000))
    assert (Delivery.objects.count(), Lot.objects.count()) == (0, 0)
    shown = [Shown(kinds=["quarantine-certificate", "meat-quality-certificate"], number="4206001")]
    assert door.accept(door.line("鲜猪肉", 30_000), certificates=shown).lines.get().condition == ""


def test_suppliers_papers_are_on_the_one_board_and_the_new_one_is_asked_for(door: Door) -> None:
    for kind, number, days in [
        ("sc-licence", "SC10137030300016", 3),
        ("sc-licence", "SC10137030300016", 5),
        ("jy-licence", "JY33703030000010", 20),
    ]:
        keep(door, kind, number, days)
    assert Credential.objects.exclude(renews=None).count() == 1
    board = ends_board(door.an, None)
    counted = {title: [cell.count for cell in cells] for title, cells, _all in board.rows}
    assert sorted(counts[:3] for counts in counted.values()) == [[0, 1, 0], [0, 1, 0]]
    assert board.figures.soon == 2
    client = Client()
    client.force_login(door.world.an)
    with time_machine.travel(door.an.now, tick=False):
        for _title, cells, total in board.rows:
            for cell in [*cells, total]:
                shown = set(re.findall(r"/credentials/papers/([0-9a-f-]{36})/", client.get(cell.url).content.decode()))
                assert len(shown) == cell.count
    asked = Duty.objects.filter(org=door.org, rule__startswith=PREFIX, about_key=door.supplier.subject_id)
    assert {row.rule for row in asked} == {f"{PREFIX}sc-licence", f"{PREFIX}jy-licence"}


def test_a_dated_licence_of_the_door_is_asked_for_again_before_it_ends(door: Door) -> None:
    shown = [Shown(kinds=["jy-licence"], number="JY33703030000010", valid_until=TODAY + timedelta(days=20))]
    door.accept(door.line("大米", 25_000, **RICE), certificates=shown)
    assert Duty.objects.filter(org=door.org, rule=f"{PREFIX}jy-licence").count() == 1


def test_the_paper_s_page_shows_its_deliveries_and_the_old_address_leads_to_it(door: Door) -> None:
    made = door.accept(
        door.line("大米", 25_000, **RICE), certificates=[Shown(kinds=["batch-test-report"], number="R1")]
    )
    row = Credential.objects.get()
    client = Client()
    client.force_login(door.world.an)
    answer = client.get(f"/canteen/certificates/{row.public_id}/", follow=True)
    assert answer.redirect_chain == [(f"/credentials/papers/{row.public_id}/", 302)]
    assert f"/canteen/deliveries/{made.public_id}/" in answer.content.decode()
    assert client.get("/canteen/certificates/").url == "/credentials/papers/"
    hu = Client()
    hu.force_login(door.world.hu)
    assert hu.get(f"/canteen/certificates/{row.public_id}/", follow=True).status_code == 404
