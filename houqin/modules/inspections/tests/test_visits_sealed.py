"""The sealed record of a visit is read back, and what was changed behind it shows."""

import pytest

from houqin.flows.seals.models import Seal
from houqin.flows.seals.rules import Header
from houqin.modules.inspections.models import Answer, Signature, Visit
from houqin.modules.inspections.sealed import read_visits, unsealed_visits
from houqin.modules.inspections.tests.kept import answered, begun, make_checklist, signed
from tests.world import World


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make_checklist()


def sealed(world: World) -> tuple[Visit, list[Header]]:
    row = begun(world)
    answered(world, row, doors={"outcome": "failed", "remark": "门未关"})
    signed(world, row)
    row.refresh_from_db()
    return row, [Header.unpack(bytes(one.header)) for one in Seal.objects.all()]


def problems(world: World, headers: list[Header]) -> list[tuple[str, str]]:
    return [tuple(one) for content in read_visits(world.school_a, headers) for one in content.problems]


def test_the_sealed_record_is_read_back(world: World) -> None:
    row, headers = sealed(world)
    assert ([one.kind for one in headers], [one.item for one in headers]) == (["visit"], [row.public_id])
    assert problems(world, headers) == []
    assert list(unsealed_visits(world.school_a)) == []
    assert "高校长" not in row.content


def test_what_is_changed_behind_the_seal_shows(world: World) -> None:
    row, headers = sealed(world)
    Visit.objects.filter(pk=row.pk).update(score_hundredths=9900)
    Answer.objects.filter(visit=row, item="doors").update(outcome="ok")
    Signature.objects.filter(visit=row, side="school").update(name="别人")
    assert problems(world, headers) == [("column", "score"), ("column", "kitchen.doors"), ("personal", "school")]
    Signature.objects.filter(visit=row, side="school").update(salt="", image=None)
    assert ("personal_gone", "school") in problems(world, headers)
    Seal.objects.all().delete()
    assert list(unsealed_visits(world.school_a)) == [row.public_id]
