"""The generator of a whole province: the same each time, and what it writes holds all that the verbs hold."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Sum

from benchmarks.province.copying import finish
from benchmarks.province.digest import digest
from benchmarks.province.making import Order, make
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import Pupil
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.rectify.models import Finding
from houqin.flows.seals.checking import check
from houqin.flows.seals.models import Chain, Seal
from houqin.modules.canteen.models import Delivery, Lot, Meal, StockMove

ORDER = Order(schools=4, days=14, seed=7, until=date(2024, 3, 8))
MADE = (OrgUnit, Pupil, Delivery, Lot, StockMove, Meal, Duty, LedgerEntry, Seal, Chain, Finding)
BLANK = {StockMove: ["line", "issue", "entry", "meal"]}  # its verb leaves empty what does not apply
SAMPLE = 30


@pytest.fixture
def catalogues(db: None) -> None:
    """The real ledgers, posts and checklists."""
    load_catalogues(by=system_viewer())


@pytest.fixture
def province(catalogues: None) -> Iterator[None]:
    """A small one."""
    make(ORDER)
    yield
    connection.check_constraints()


def _digest_of(order: Order, *, stop_after: int | None = None) -> str:
    """Made, looked at, and taken away again."""
    with transaction.atomic():
        if stop_after is not None:
            make(order, stop_after=stop_after)
            assert not Seal.objects.exists()
        make(order)
        found = digest(MADE)
        transaction.set_rollback(True)
    return found


def test_the_same_seed_makes_the_same_rows_and_another_seed_others(catalogues: None) -> None:
    first = _digest_of(ORDER)
    assert _digest_of(ORDER) == first
    assert _digest_of(Order(**vars(ORDER) | {"seed": 8})) != first


def test_one_that_was_cut_off_goes_on_to_the_same_rows(catalogues: None) -> None:
    assert _digest_of(ORDER, stop_after=1) == _digest_of(ORDER)


def test_it_refuses_to_go_on_with_another_province(province: None) -> None:
    before = digest(MADE)
    with pytest.raises(SystemExit, match="holds another province"):
        make(Order(**vars(ORDER) | {"schools": 5}))
    assert digest(MADE) == before


def test_every_chain_verifies_and_every_entry_is_sealed(province: None) -> None:
    chains = list(Chain.objects.select_related("org"))
    assert len(chains) == ORDER.schools
    for chain in chains:
        result = check(chain)
        assert (result.faults, result.unread) == ([], 0)
        assert result.contents == result.count == chain.length > 0


def test_stock_is_the_sum_of_its_moves_and_never_negative(province: None) -> None:
    lots = list(Lot.objects.annotate(moved=Sum("moves__grams")))
    assert len(lots) > 100
    assert [lot for lot in lots if lot.moved != lot.on_hand_grams or lot.on_hand_grams < 0] == []


def test_its_rows_pass_the_projects_own_checks(province: None) -> None:
    for model in apps.get_models():
        if model._meta.app_label in {"audit", "jobs"} or not hasattr(model, "SCOPE_PATH"):
            continue
        for row in model._default_manager.order_by("pk")[:SAMPLE]:
            try:
                row.full_clean(exclude=BLANK.get(model, []))
            except ValidationError as error:
                pytest.fail(f"{model.__name__}: {error}")


def test_days_off_are_days_off_and_not_all_is_done_in_time(province: None) -> None:
    cooked = set(Meal.objects.values_list("day", flat=True))
    assert cooked == {date(2024, 2, day) for day in (26, 27, 28, 29)} | {
        date(2024, 3, day) for day in (1, 4, 5, 6, 7, 8)
    }
    done = Duty.objects.filter(state=DutyState.DONE)
    late = done.filter(done_at__gt=models.F("due_at")).count()
    missed = Duty.objects.filter(state=DutyState.OPEN, due_at__lt=ORDER.now).count()
    assert 0 < late < done.count() / 2
    assert 0 < missed < done.count() / 2


def test_units_bear_the_real_names_of_the_province(province: None) -> None:
    assert OrgUnit.objects.get(kind=Kind.PROVINCE).name == "湖北省"
    assert {"武汉市", "襄阳市", "恩施土家族苗族自治州"} <= set(
        OrgUnit.objects.filter(kind=Kind.CITY).values_list("name", flat=True)
    )
    assert OrgUnit.objects.filter(kind=Kind.DISTRICT, parent__name="襄阳市", name="襄州区").exists()


def test_what_is_written_afterwards_gets_ids_of_its_own(province: None) -> None:
    finish([OrgUnit])
    highest = OrgUnit.objects.order_by("-pk").values_list("pk", flat=True)[0]
    top = OrgUnit.objects.get(kind=Kind.PROVINCE)
    assert OrgUnit.objects.create(parent=top, kind=Kind.CITY, name="新市", path="00019000").pk > highest
