"""Forms on paper and as a workbook: what was taken back, turned away and returned; and who may print what."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from houqin.modules.canteen.actions.papers import number_vouchers
from houqin.modules.canteen.models import (
    Delivery,
    DeliveryLine,
    EntryKind,
    Lot,
    StockEntry,
    TurnedAway,
    Voucher,
)
from houqin.modules.canteen.queries.vouchers.accounts import accounts
from houqin.modules.canteen.rules.periods import Period, Span
from houqin.modules.canteen.tests.ledger import LATER, came, day, went, write
from houqin.modules.canteen.tests.paper_reading import AMOUNT, GOODS, WEIGHT, ReadForm, read_page, read_workbook
from tests.world import World

MARCH = Period.around(Span.MONTH, day(1))


@pytest.fixture
def town(world: World) -> World:
    """Rice for 500 yuan on the 2nd, of which a line was wrong and taken back; meat of which some was refused and some returned."""
    a = world.school_a
    bo = world.viewer("bo", now=LATER)
    write(
        world.town, bo,
        came(a, 1, 100, produced=0, batch="A", amount_fen=50_000, unit_price=1_250_000, written_quantity="4 袋 × 25kg"),
        came(a, 1, 10, produced=0, batch="B", amount_fen=5_000), came(a, 1, 8, product="鸡腿", supplier="宏发生鲜", amount_fen=12_000),
        went(a, 1, 20), went(a, 1, 3, product="鸡腿"),
    )  # fmt: skip
    wrong = DeliveryLine.objects.get(lot__batch="B")
    write(world.town, bo, lines_back=[wrong.public_id])
    meat = Lot.objects.get(product__name="鸡腿")
    brought = Delivery.objects.get(supplier__name="宏发生鲜")
    TurnedAway.objects.create(
        org=a, delivery=brought, product=meat.product, refused_on=day(1), quantity_grams=2_000, why="senses", words="发黏",
        outcome="destroyed",
    )  # fmt: skip
    StockEntry.objects.create(
        org=a,
        number="TH-20240303-0001",
        kind=EntryKind.RETURNED,
        lot=meat,
        day=day(2),
        grams=-2_000,
        reason="有异味",
        at=LATER,
    )
    number_vouchers(a, by=bo, first=MARCH.first, last=MARCH.last)
    return world


def client_of(world: World, person: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(getattr(world, person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def printed(client: Client, kind: str) -> list[tuple[ReadForm, ReadForm]]:
    """Each form as on paper and as in Excel."""
    asked = {"span": "month", "day": "2024-03-02", "kind": kind}
    with time_machine.travel(LATER, tick=False):
        page = client.get(reverse("canteen:papers-print"), asked)
        book = client.get(reverse("canteen:papers-excel"), asked)
    return list(
        zip(read_page(page.content.decode()), read_workbook(b"".join(book.streaming_content)), strict=True)
    )  # fmt: skip


def test_what_was_taken_back_is_struck_out_and_left_out_of_the_total(town: World) -> None:
    for form in printed(client_of(town, "an"), "acceptance")[0]:
        assert [line[form.column(GOODS)] for line in form.lines] == ["大米"]
        assert len(form.struck) == 1
        assert "冲销：写错" in form.struck[0][-1]
        assert form.stated(WEIGHT) == 100
        assert form.stated(AMOUNT) == 500
        assert form.words == "人民币伍佰元整"
        assert form.lines[0][form.column("单位")] == "袋"


def test_goods_turned_away_stand_apart_and_count_nothing(town: World) -> None:
    page, book = printed(client_of(town, "an"), "acceptance")[1]
    assert (page.stated(WEIGHT), book.stated(WEIGHT)) == (8, 8)
    with time_machine.travel(LATER, tick=False):
        text = client_of(town, "an").get(
            reverse("canteen:papers-print"), {"one": Voucher.objects.get(number=page.number).public_id}
        )
    assert "拒收（不计入合计）" in text.content.decode()
    assert "发黏" in text.content.decode()


def test_a_settlement_takes_off_what_went_back_at_the_price_it_came_at(town: World) -> None:
    meat, rice = printed(client_of(town, "an"), "settlement")
    for form in meat:
        assert form.stated(AMOUNT) == 120
        assert form.words == "人民币玖拾元整"
    assert [form.words for form in rice] == ["人民币伍佰元整"] * 2


def test_an_exchange_replaced_without_a_price_takes_nothing_off(town: World) -> None:
    entry = StockEntry.objects.get()
    free = Delivery.objects.create(
        org=town.school_a, number="SH-20240305-0001", supplier=entry.lot.supplier, delivered_on=day(4), origin="paper",
        recorded_at=LATER,
    )  # fmt: skip
    StockEntry.objects.filter(pk=entry.pk).update(kind=EntryKind.EXCHANGED, replacement=free)
    found = accounts(town.viewer("an", now=LATER), town_q(town), MARCH)
    assert {row.supplier.name: row.due_fen for row in found} == {"宏发生鲜": 12_000, "惠民粮油": 50_000}
    StockEntry.objects.filter(pk=entry.pk).update(replacement=None)
    found = accounts(town.viewer("an", now=LATER), town_q(town), MARCH)
    assert {row.supplier.name: row.due_fen for row in found} == {"宏发生鲜": 9_000, "惠民粮油": 50_000}


def town_q(town: World):  # type: ignore[no-untyped-def]
    from django.db.models import Q

    return Q(org=town.school_a)


def test_an_issued_note_names_the_lots_and_what_they_cost(town: World) -> None:
    page, book = printed(client_of(town, "an"), "issue")[0]
    for form in (page, book):
        rice, meat = form.lines
        assert rice[form.column("批次(生产日期/批号)")].startswith("2024-03-01 / A")
        assert [Decimal(line[form.column(AMOUNT)]) for line in (rice, meat)] == [100, 45]
        assert form.stated(WEIGHT) == 23


def test_a_page_without_numbers_says_what_to_do(town: World) -> None:
    Voucher.objects.all().delete()
    client = client_of(town, "an")
    asked = {"span": "day", "day": day(1).isoformat()}
    assert "请先编号" in client.get(reverse("canteen:papers-print"), asked).content.decode()
    book = client.get(reverse("canteen:papers-excel"), asked)
    assert b"".join(book.streaming_content)[:2] == b"PK"
    with time_machine.travel(LATER, tick=False):
        shown = client.get(reverse("canteen:papers"), asked).content.decode()
        assert "还有 5 张没有编号" in shown
        assert "编号并打印" not in client_of(town, "shi").get(reverse("canteen:papers"), asked).content.decode()


def test_numbering_by_the_page_leads_to_the_print_and_twice_is_once(town: World) -> None:
    Voucher.objects.all().delete()
    client = client_of(town, "an")
    asked = {
        "span": "day",
        "day": day(1).isoformat(),
        "kind": ["receipt"],
        "_key": "0190b6f4-0000-7000-8000-000000000001",
    }
    with time_machine.travel(LATER, tick=False):
        for _attempt in range(2):
            answer = client.post(reverse("canteen:papers"), asked)
            assert answer["Location"] == "/canteen/papers/print/?span=day&day=2024-03-02&kind=receipt"
    assert Voucher.objects.count() == 2


def test_whoever_may_not_record_is_told_and_nothing_is_numbered(town: World) -> None:
    Voucher.objects.all().delete()
    with time_machine.travel(LATER, tick=False):
        answer = client_of(town, "shi").post(reverse("canteen:papers"), {"span": "day", "day": day(1).isoformat()})
    assert answer.status_code == 403
    assert not Voucher.objects.exists()


def test_a_form_of_another_school_does_not_exist(town: World) -> None:
    ref = Voucher.objects.first().public_id
    for person, status in (("an", 200), ("bo", 200), ("hu", 404), ("chen", 404), ("du", 403)):
        for address in ("canteen:papers-print", "canteen:papers-excel"):
            assert client_of(town, person).get(reverse(address), {"one": ref}).status_code == status
        assert client_of(town, person).get(reverse("canteen:vouchers-detail", args=[ref])).status_code == status
    assert client_of(town, "an").get(reverse("canteen:papers-print"), {"one": "nonsense"}).status_code == 404


def test_an_office_chooses_the_school_first(town: World) -> None:
    client = client_of(town, "bo")
    page = client.get(reverse("canteen:papers")).content.decode()
    assert f'href="?under={town.school_a.path}"' in page
    assert client.get(reverse("canteen:papers-print")).status_code == 409
    chosen = client.get(
        reverse("canteen:papers"), {"under": town.school_a.path, "span": "day", "day": day(1).isoformat()}
    )
    assert "SH-" not in chosen.content.decode()
    assert "YS-20240302-0001" in chosen.content.decode()


def test_the_month_board_counts_each_supplier_once_under_all_its_names(town: World) -> None:
    client = client_of(town, "bo")
    page = client.get(reverse("canteen:supplier-months"), {"month": "2024-03"}).content.decode()
    assert "2024-03：2 家供货单位供货 108 公斤，金额 ¥620.00。" in page
    assert "退回、换货 2 公斤，扣除 ¥30.00。" in page
    book = client.get(reverse("canteen:supplier-months"), {"month": "2024-03", "format": "xlsx"})
    assert b"".join(book.streaming_content)[:2] == b"PK"
    assert client.get(reverse("canteen:supplier-months"), {"month": "2024-03", "print": "1"}).status_code == 200
    assert (
        "没有进货"
        in client_of(town, "chen").get(reverse("canteen:supplier-months"), {"month": "2024-03"}).content.decode()
    )


def test_the_page_offers_the_last_days_with_goods_when_there_are_none(town: World) -> None:
    with time_machine.travel(LATER + timedelta(days=30), tick=False):
        page = client_of(town, "an").get(reverse("canteen:papers")).content.decode()
    assert "转到 2024-03-02" in page
