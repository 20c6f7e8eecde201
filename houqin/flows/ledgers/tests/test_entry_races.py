"""Many at once in one school: no gap, no fork, nothing twice, and nobody waits for one another in a circle."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from houqin.core.scope.refusals import Refused
from houqin.flows.ledgers.actions.entering import amend_entry, record_entry
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.tests import kept
from houqin.flows.seals.models import Chain, Seal
from houqin.flows.seals.rules import FIRST, digest_of, seal_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = 8, 6


@pytest.fixture
def town() -> World:
    kept.declare(kept.COLD)
    return make_world()


def at_once(deeds: list[Any]) -> list[Any]:
    """What each deed returned, or the refusal it met."""
    start = Barrier(len(deeds))

    def run(deed: Any) -> Any:
        try:
            start.wait()
            return deed()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def write(town: World, temperature: int) -> LedgerEntry:
    values = {"temperature": temperature}
    return record_entry(town.school_a, by=town.viewer("an"), ledger="cold-store", slot="am", values=values)


def check_chain(town: World, length: int) -> None:
    """Every link follows from the one before, and seals just what is written."""
    seals = list(Seal.objects.filter(org=town.school_a).order_by("number"))
    assert [seal.number for seal in seals] == list(range(1, length + 1))
    before = FIRST
    for seal in seals:
        body = LedgerEntry.objects.get(public_id=seal.item_id).body
        assert bytes(seal.digest) == digest_of(body)
        assert bytes(seal.seal) == seal_of(before, bytes(seal.header), digest_of(body))
        before = bytes(seal.seal)
    chain = Chain.objects.get(org=town.school_a)
    assert (chain.length, bytes(chain.head)) == (length, before)


def test_eight_writers_in_one_school_leave_no_gap_and_no_fork(town: World) -> None:
    def many(writer: int) -> Any:
        return lambda: [write(town, writer * EACH + number) for number in range(EACH)]

    at_once([many(writer) for writer in range(WRITERS)])
    assert LedgerEntry.objects.count() == WRITERS * EACH
    check_chain(town, WRITERS * EACH)


def test_the_same_entry_from_eight_phones_at_once_is_written_once(town: World) -> None:
    found = at_once([lambda: write(town, 45)] * WRITERS)
    assert len({entry.public_id for entry in found}) == 1
    check_chain(town, 1)


def test_forms_of_many_entries_in_opposite_order_do_not_wait_in_a_circle(town: World) -> None:
    def form(values: list[int]) -> Any:
        def send() -> list[LedgerEntry]:
            with transaction.atomic():
                return [write(town, value) for value in values]

        return send

    values = list(range(10, 20))
    found = at_once([form(values), form(values[::-1]), form(values), form(values[::-1])])
    assert {len(entries) for entries in found} == {10}
    assert LedgerEntry.objects.count() == 10
    check_chain(town, 10)


def test_of_two_amendments_at_once_one_stands(town: World) -> None:
    first = write(town, 92)
    by = town.viewer("an")
    found = at_once([
        lambda: amend_entry(first, by=by, why="看错", values={"temperature": 45}),
        lambda: amend_entry(first, by=by, why="看错", values={"temperature": 44}),
    ])  # fmt: skip
    assert sum(isinstance(one, Refused) for one in found) == 1
    check_chain(town, 2)
