"""Two inspectors at once: one number, every answer once, one signature of each side, nobody waits in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from houqin.core.scope.refusals import Refused
from houqin.flows.rectify.models import Finding
from houqin.flows.seals.models import Seal
from houqin.modules.inspections.actions.answering import answer_items
from houqin.modules.inspections.actions.signing import sign_visit
from houqin.modules.inspections.actions.visiting import begin_visit
from houqin.modules.inspections.models import Visit
from houqin.modules.inspections.tests.kept import given, make_checklist, planned, signs
from tests.world import NOON, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> World:
    world = make_world()
    make_checklist()
    return world


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """What each deed returned, or the refusal it met."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait()
            with transaction.atomic():
                return deed()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_two_phones_begin_and_answer_at_once(town: World) -> None:
    row = planned(town)

    def phone(who: str, minutes: int, **changed: Any) -> Callable[[], Any]:
        def send() -> Any:
            visit = begin_visit(row, by=town.viewer(who))
            return answer_items(visit, by=town.viewer(who), answers=given(minutes, **changed))

        return send

    at_once([phone("bo", 10), phone("bai", 20, floor={"outcome": "failed"})] * 2)
    row.refresh_from_db()
    assert row.number == "JC-20240304-0001"
    assert row.answers.count() == 5
    floor = row.answers.get(item="floor")
    assert (floor.outcome, floor.account, floor.answered_at) == ("failed", town.bai, NOON - timedelta(minutes=40))


def test_signed_from_two_phones_at_once_it_is_signed_once(town: World) -> None:
    row = begin_visit(planned(town), by=town.viewer("bo"))
    answer_items(row, by=town.viewer("bo"), answers=given(floor={"outcome": "failed"}))

    def phone(who: str) -> Callable[[], Any]:
        def send() -> Any:
            answer_items(row, by=town.viewer(who), answers=given(30, floor={"outcome": "failed"}))
            return sign_visit(row, by=town.viewer(who), signs=signs())

        return send

    found = at_once([phone("bo"), phone("bai")])
    assert sum(isinstance(one, Refused) for one in found) == 1
    assert (Seal.objects.count(), Finding.objects.count(), Visit.objects.get().signatures.count()) == (1, 1, 2)
