"""Block after block: the offices, then the schools with their people, then their days. Each block is one transaction."""

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, connections

from benchmarks.province import goods, people, premises, progress, tree
from benchmarks.province.copying import Rows, Taken, finish, make_partitions, unchecked
from benchmarks.province.dice import Ids
from benchmarks.province.duties import AHEAD, Keeping, planned
from benchmarks.province.duties import Asked as Duties
from benchmarks.province.inspections import LIST, Asked, Inspections
from benchmarks.province.kitchen import Context, Kitchen
from benchmarks.province.ledgers import Ledgers, seal
from benchmarks.province.people import Someone, moment
from benchmarks.province.tree import Place, School, Tree
from houqin.core.calendars.days import school_days
from houqin.core.orgs.models import CanteenMode, OrgUnit
from houqin.flows.indicators.storing import fill
from houqin.flows.ledgers.definitions import Resolved, definitions, resolved
from houqin.modules.inspections.lists import list_on

PEOPLE_AT_ONCE, ROWS_AT_ONCE, ROWS_A_DAY = 50, 150_000, 110
NOW_MINUTES = 10 * 60


@dataclass(frozen=True)
class Order:
    """What is made: ``until`` is the last day, at ten o'clock of which time stands still; ``pupils`` at each school, 0: as it comes."""

    schools: int
    days: int
    seed: int
    until: date
    province: str = "42"
    figures: int = 0
    pupils: int = 0

    @property
    def first(self) -> date:
        """The first day."""
        return self.until - timedelta(days=self.days - 1)

    @property
    def now(self) -> datetime:
        """The moment at which it all stands."""
        return moment(self.until, NOW_MINUTES)


def make(order: Order, *, workers: int = 1, stop_after: int | None = None) -> dict[str, Any]:
    """Make what is not there yet; what it took, by table. ``stop_after``: so many blocks of this run, then as if killed."""
    progress.begin(asdict(order) | {"until": order.until.isoformat()})
    began, spent = time.perf_counter(), _cpu()
    land = tree.lay(order.seed, order.schools, order.province, order.pupils)
    crew = Crew(workers, stop_after)
    make_partitions(order.first, order.until + AHEAD)
    _offices(order, land, crew)
    crew.run("Schools and people", "people", _lots(land.schools, PEOPLE_AT_ONCE), lambda some: _people(order, some))
    if crew.is_left:
        days = Days(order, land)
        size = max(1, min(200, ROWS_AT_ONCE // (order.days * ROWS_A_DAY)))
        crew.run("Days", "days", _lots(land.schools, size), days.write)
    if crew.is_left and not progress.is_made("finished"):
        finish(apps.get_models())
        if order.figures:
            fill(order.until - timedelta(days=order.figures), order.until - timedelta(days=1))
        progress.made("finished", 0)
    return _told(order, crew.taken, time.perf_counter() - began, _cpu() - spent)


Block = tuple[str, list[Place]]


def _lots(schools: Sequence[Place], size: int) -> list[list[Place]]:
    return [list(schools[start : start + size]) for start in range(0, len(schools), size)]


class Crew:
    """Processes that write blocks side by side; what a block holds depends on no other."""

    def __init__(self, workers: int, stop_after: int | None) -> None:
        self.workers, self.left, self.taken = workers, stop_after, Taken()

    @property
    def is_left(self) -> bool:
        """Whether it may go on."""
        return self.left is None or self.left > 0

    def run(self, title: str, stem: str, lots: Sequence[list[Place]], fill_rows: Callable[[list[Place]], Rows]) -> None:
        """Every block that is not there yet."""
        named = [(f"{stem} {number}", some) for number, some in enumerate(lots)]
        waiting = [(name, some) for name, some in named if not progress.is_made(name)]
        if self.left is not None:
            waiting = waiting[: self.left]
            self.left -= len(waiting)
        with progress.shown(title, len(waiting)) as step:
            for taken in self._written(waiting, fill_rows):
                self.taken.join(taken)
                step()

    def _written(self, waiting: Sequence[Block], fill_rows: Callable[[list[Place]], Rows]) -> Iterator[Taken]:
        if self.workers == 1 or len(waiting) < 2:
            yield from (write_block(name, fill_rows(some)) for name, some in waiting)
            return
        connections.close_all()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined] each process opens its own
        global _fill_rows  # noqa: PLW0603 the processes inherit it
        _fill_rows = fill_rows
        with multiprocessing.get_context("fork").Pool(self.workers, _leave_with_parent) as pool:
            yield from pool.imap_unordered(_write_one, waiting)


def _leave_with_parent() -> None:
    """When who hands out the blocks was killed nobody waits for more; what is half written is rolled back."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


_fill_rows: Callable[[list[Place]], Rows]


def _write_one(block: Block) -> Taken:
    name, some = block
    return write_block(name, _fill_rows(some))


def write_block(name: str, rows: Rows) -> Taken:
    """All rows of a block, and that it is made, in one transaction."""
    taken = Taken()
    with unchecked():
        progress.made(name, rows.write(taken))
    return taken


def _offices(order: Order, land: Tree, crew: Crew) -> None:
    if progress.is_made("offices"):
        return
    rows, ids = Rows(), Ids(0)
    tree.write_offices(rows, land)
    for office in land.offices:
        people.write_office_staff(rows, ids, order.seed, office)
    goods.write_terms(rows, ids, land, order.seed, order.first, order.until)
    goods.write_goods(rows, ids, land, order.seed)
    crew.taken.join(write_block("offices", rows))
    top = OrgUnit.objects.get(pk=land.top.pk)
    rows = Rows()
    if not school_days(top, order.until, order.until):
        goods.mark_school_day(rows, ids, land, order.until)
        crew.taken.join(write_block("mark", rows))
    goods.write_menus(rows, ids, land, order.seed, school_days(top, order.first, order.until))
    crew.taken.join(write_block("menus", rows))


def _people(order: Order, schools: Sequence[Place]) -> Rows:
    rows = Rows()
    for school in schools:
        ids = Ids(school.owner)
        tree.write_school(rows, ids, school, order.first)
        people.write_staff(rows, ids, school, order.until)
        premises.write_places(rows, ids, school)
        people.write_pupils(rows, ids, school, order.first)
        premises.write_card(rows, ids, school, order.first)
    return rows


class Days:
    """What every school's days share, and the days of some schools."""

    def __init__(self, order: Order, land: Tree) -> None:
        top = OrgUnit.objects.get(pk=land.top.pk)
        self.order = order
        self.days = school_days(top, order.first, order.until)
        self.kitchen = Context(self.days, goods.menu_ids(self.days), order.until, NOW_MINUTES)
        one_of_each: dict[School, Place] = {}
        for school in land.schools:
            one_of_each.setdefault(school.what, school)
        self.duties: dict[School, list[Duties]] = planned(
            order.first, order.until, [(school, premises.things_of(school)) for school in one_of_each.values()]
        )
        self.held: dict[str, Resolved] = {
            one.code: resolved(one.code, top, order.until) for one in definitions(order.until)
        }
        held = list_on(LIST, order.until)
        self.asked = {
            what: Asked(held, LIST, list(held.checklist.for_school(CanteenMode.OWN, int(what.boarding > 0), what.kind)))
            for what in one_of_each
        }
        self.heads = _heads(order.seed, land)

    def write(self, schools: Sequence[Place]) -> Rows:
        """All days of these schools."""
        rows = Rows()
        for school in schools:
            ids = Ids(school.owner)
            staff, things = (
                people.write_staff(Rows(), ids, school, self.order.until),
                premises.write_places(Rows(), ids, school),
            )
            assert school.town.parent is not None
            Kitchen(rows, ids, school, staff, things, self.kitchen).work()
            done = Keeping(rows, ids, school, staff, things, self.order.now).keep(self.duties[school.what])
            sealed = Ledgers(rows, ids, school, staff, things, self.held).write(done)
            visits = Inspections(
                rows, ids, school, staff, self.heads[school.town.parent.pk], self.asked[school.what], self.order.now
            )
            seal(rows, ids, school, sealed + visits.inspect(self.days))
        return rows


def _heads(seed: int, land: Tree) -> dict[int, Someone]:
    """Who heads each office, by its id."""
    ids, found = Ids(0), {}
    for office in land.offices:
        found[office.pk] = people.write_office_staff(Rows(), ids, seed, office)
    return found


def _cpu() -> float:
    return sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _told(order: Order, taken: Taken, seconds: float, cpu: float) -> dict[str, Any]:
    rows = sum(taken.rows.values())
    return {
        "order": asdict(order) | {"until": order.until.isoformat()}, "cores": os.cpu_count(), "load": os.getloadavg()[0],
        "rows": rows, "seconds": round(seconds, 1), "rows/s": round(rows / seconds), "user CPU of the generator, s": round(cpu, 1),
        "tables": {
            name: {"rows": count, "rows/s": round(count / max(taken.seconds[name], 1e-6))}
            for name, count in sorted(taken.rows.items(), key=lambda one: -one[1])
        },
    }  # fmt: skip
