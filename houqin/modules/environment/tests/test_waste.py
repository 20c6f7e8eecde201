"""Waste a pupil and day and the share removed the same day: equal to a hand count, open to their rows, the same for many."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.orgs.models import SchoolFacts
from houqin.flows.ledgers.actions.entering import amend_entry, record_entry
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.modules.environment.queries.waste import LEDGER, waste_board
from houqin.modules.environment.rules import KINDS, Waste
from tests.world import NOON, TODAY, World

KG = 1000
PAST = {"collector": "环卫所", "receiver": "李师傅", "collected_at": "11:30"}


@pytest.fixture
def kept(world: World) -> World:
    load_catalogues(by=world.system)
    return world


def write(world: World, org: Any, who: str, days_ago: int = 0, **values: Any) -> LedgerEntry:
    """A day's waste in kilograms."""
    now = NOON - timedelta(days=days_ago)
    said = {kind: values.pop(kind, 0) * KG for kind in KINDS}
    return record_entry(org, by=world.viewer(who, now), ledger=LEDGER, values=said | PAST | values)


def test_figures_equal_a_hand_count(kept: World) -> None:
    a, b = kept.school_a, kept.school_b
    write(kept, a, "gao", 0, recyclable=12, food=60, other=30, income=850)
    write(kept, a, "gao", 1, recyclable=0, food=45, other=15, left=["food"], remark="车坏了，已电话催运")
    wrong = write(kept, a, "gao", 4, food=600)
    amend_entry(wrong, by=kept.viewer("gao", NOON - timedelta(days=4)), why="多写一个0",
                values={"recyclable": 0, "hazardous": 0, "food": 60 * KG, "other": 0} | PAST)  # fmt: skip
    write(kept, b, "hu", 0, food=100)
    SchoolFacts.objects.create(org=a, valid_from=TODAY, enrolment=330, boarders=100, classes=6, school_type="小学")
    found = waste_board([a, b], TODAY - timedelta(days=10), TODAY)
    one = found.by_school[a.pk]
    assert one.grams == {"recyclable": 12 * KG, "hazardous": 0, "food": 165 * KG, "other": 45 * KG}
    assert (one.written, one.pupil_days) == (3, 300 + 300 + 330)
    assert one.grams_each() == Decimal(222 * KG) / 930
    assert (one.all_days, one.removed, one.days["food"], one.left["food"]) == (6, 5, 3, 1)
    assert one.income_fen == 850
    assert found.whole.total_grams == 322 * KG
    assert found.by_day[TODAY].total_grams == 202 * KG
    assert waste_board([b], TODAY - timedelta(days=10), TODAY).whole.pupil_days == 500
    assert waste_board([a], TODAY + timedelta(days=1), TODAY + timedelta(days=9)).whole.written == 0


def test_a_kind_that_stayed_is_out_of_order_and_asks_why(kept: World) -> None:
    entry = write(kept, kept.school_a, "gao", food=45, left=["food"], remark="车坏了")
    assert list(Breach.objects.values_list("entry_id", "key", "state")) == [(entry.public_id, "left", "pending")]


def test_entries_of_before_that_say_only_whether_all_was_removed_still_count(kept: World) -> None:
    write(kept, kept.school_a, "gao", food=45, other=5)
    row = LedgerEntry.objects.get()
    LedgerEntry.objects.filter(pk=row.pk).update(
        body=row.body.replace('"collector"', '"cleared":false,"collector"', 1)
    )  # fmt: skip
    one = waste_board([kept.school_a], TODAY, TODAY).whole
    assert (one.all_days, one.removed) == (2, 0)


def test_few_and_many_cost_the_same_queries(kept: World) -> None:
    write(kept, kept.school_a, "gao")
    with CaptureQueriesContext(connection) as few:
        waste_board([kept.school_a], TODAY - timedelta(days=20), TODAY)
    for number in range(1, 15):
        write(kept, kept.school_a, "gao", number, food=number)
    write(kept, kept.school_b, "hu")
    with CaptureQueriesContext(connection) as many:
        waste_board([kept.school_a, kept.school_b], TODAY - timedelta(days=20), TODAY)
    assert len(few) == len(many) == 3


days = st.tuples(*[st.integers(0, 10**6)] * len(KINDS), st.integers(0, 2 ** len(KINDS) - 1), st.integers(0, 3000))


@given(st.lists(days, max_size=6), st.integers(0, 6))
def test_sums_do_not_depend_on_how_schools_are_grouped(some: list[tuple[int, ...]], cut: int) -> None:
    whole, parts = Waste(), [Waste(), Waste()]
    for number, (*weighed, stayed, pupils) in enumerate(some):
        grams = dict(zip(KINDS, weighed, strict=True))
        left = [kind for bit, kind in enumerate(KINDS) if stayed >> bit & 1]
        whole.add(grams, left, pupils)
        parts[number >= cut].add(grams, left, pupils)
    parts[0].join(parts[1])
    assert parts[0] == whole
    assert 0 <= whole.removed <= whole.all_days <= len(KINDS) * len(some)
    assert whole.total_grams == sum(sum(one[: len(KINDS)]) for one in some)


def test_the_page_for_the_school_and_its_direct_office_and_its_workbook(kept: World, client: Client) -> None:
    day = timezone.now()
    record_entry(kept.school_a, by=kept.viewer("gao", day), ledger=LEDGER, values={
        "recyclable": 0, "hazardous": 0, "food": 45 * KG, "other": 0, "left": ["food"], "remark": "车坏了"} | PAST
        | {"collected_at": "00:00"})  # fmt: skip

    def page(who: str, query: str = "") -> tuple[int, str]:
        client.force_login(getattr(kept, who))
        answer = client.get(f"/environment/waste/{query}")
        return answer.status_code, answer.content.decode()

    for who in ("gao", "bo"):
        status, text = page(who)
        assert status == 200
        assert "45" in text
        assert f"ledger={LEDGER}" in text
    assert "(0/1)" in page("gao")[1]
    assert kept.school_a.name not in page("chen")[1]
    assert page("eve", f"?under={kept.school_a.public_id}")[0] == 409
    assert page("wu")[0] == 403
    for span in ("before", "term", "nonsense"):
        assert page("gao", f"?span={span}")[0] == 200
    client.force_login(kept.gao)
    answer = client.get("/environment/waste/excel/")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()  # type: ignore[attr-defined]
    assert [row[2] for row in rows[1:]] == [0, 0, 45, 0]
    assert [row[4:6] for row in rows[1:]] == [[0, 0], [0, 0], [1, 0], [0, 0]]
