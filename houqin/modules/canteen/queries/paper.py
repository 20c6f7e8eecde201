"""What writing a book of paper rows would do: which lots, which moves, which rows cannot stand. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.modules.canteen.models import DeliveryLine, Issue, Lot, MealKind, Menu, Product
from houqin.modules.canteen.queries.foods import foods_by_name
from houqin.modules.canteen.queries.names import Names
from houqin.modules.canteen.queries.reversals import dropped_menus, reversed_issues, reversed_lines
from houqin.modules.canteen.queries.shelves import ShelfPlan
from houqin.modules.canteen.queries.store import MEAL_ORDER, Key, Store, load_store
from houqin.modules.canteen.rules.allocation import Part, StoreLot, Wanted
from houqin.modules.canteen.rules.conduct import delivery_warnings, refusals
from houqin.modules.canteen.rules.paper import (
    NO_SUPPLIER,
    PaperBook,
    PaperDelivery,
    PaperIssue,
    PaperMenu,
    Problem,
    Reversal,
    Row,
)

NEWEST = 1 << 60  # what a book adds comes after what is recorded for the same moment
BATCH_UNKNOWN = Note("batch-unknown", _("This batch was not in store by then; taken as oldest produced first."))
MEAL_UNSAID = Note("meal-unsaid", _("No meal is written; taken as lunch."))
Shelves = dict[Key, ShelfPlan]
R = TypeVar("R", PaperDelivery, PaperIssue, PaperMenu, Reversal)


@dataclass
class Plan:
    """What is to be written. Lots and issues that do not exist yet have negative keys."""

    book: PaperBook
    products: Names[Product]
    suppliers: Names[Party]
    store: Store = field(default_factory=Store)
    problems: list[Problem] = field(default_factory=list)
    warnings: dict[Row, list[Note]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[UUID, DeliveryLine] = field(default_factory=dict)
    issues: dict[UUID, Issue] = field(default_factory=dict)
    menus: dict[UUID, Menu] = field(default_factory=dict)
    new_lots: dict[int, PaperDelivery] = field(default_factory=dict)
    lot_of: dict[Row, int] = field(default_factory=dict)
    new_issues: dict[int, PaperIssue] = field(default_factory=dict)
    taken_back: list[Part] = field(default_factory=list)
    taken: list[Part] = field(default_factory=list)

    @property
    def refused(self) -> frozenset[Row]:
        """Rows that cannot be written."""
        return frozenset(problem.row for problem in self.problems if problem.refuses)

    def key(self, row: PaperDelivery | PaperIssue) -> Key:
        """The shelf that a row belongs to."""
        return row.org_id, self.products.group(row.product)


@dataclass(frozen=True)
class Checked:
    """The answer to a preview: why rows cannot be written, and what is odd about the others."""

    problems: tuple[Problem, ...]
    warnings: Mapping[Row, tuple[Note, ...]]


def check_paper(org_under: OrgUnit, *, by: Viewer, book: PaperBook) -> Checked:
    """What `record_from_paper` would refuse and warn about, row by row. Without the refused rows it would write."""
    require(by, "canteen.record", at=org_under)
    problems: list[Problem] = []
    while True:
        products = Names(Product, org_under, book.product_names, book.same_products)
        suppliers = Names(Party, org_under, book.supplier_names, book.same_suppliers)
        plan = plan_paper(org_under, by=by, book=book, products=products, suppliers=suppliers)
        problems += plan.problems
        if not plan.refused:
            return Checked(tuple(problems), {row: tuple(notes) for row, notes in plan.warnings.items()})
        book = without(book, plan.refused)


def without(book: PaperBook, refused: frozenset[Row]) -> PaperBook:
    """The book without some of its rows."""

    def kept(rows: Iterable[R]) -> tuple[R, ...]:
        return tuple(row for row in rows if row.row not in refused)

    return replace(
        book,
        deliveries=kept(book.deliveries),
        issues=kept(book.issues),
        menus=kept(book.menus),
        reversed_lines=kept(book.reversed_lines),
        reversed_issues=kept(book.reversed_issues),
        dropped_menus=kept(book.dropped_menus),
    )


def plan_paper(
    org_under: OrgUnit,
    *,
    by: Viewer,
    book: PaperBook,
    products: Names[Product],
    suppliers: Names[Party],
    lock: bool = False,
) -> Plan:
    """Work out everything in memory: about ten queries, whatever the size of the book."""
    plan = Plan(book, products, suppliers)
    _check_places(org_under, book)
    for row in book.rows:
        plan.problems += refusals(row, by.today)
    plan.lines = reversed_lines(org_under, book.reversed_lines, plan.problems)
    plan.issues = reversed_issues(org_under, book.reversed_issues, plan.problems)
    plan.menus = dropped_menus(org_under, book.dropped_menus)
    refused = plan.refused
    deliveries = [row for row in book.deliveries if row.row not in refused]
    issues = [row for row in book.issues if row.row not in refused]
    _warn(plan, deliveries, issues)
    shelves = _shelves(plan, deliveries, issues, lock=lock)
    _take_back(plan, shelves)
    _place_deliveries(plan, shelves, deliveries)
    _place_issues(plan, shelves, issues)
    parts: list[Part] = []
    for shelf in shelves.values():
        parts += shelf.settle(plan.problems)
        for unknown in shelf.unknown_batches:
            plan.warnings[unknown].append(BATCH_UNKNOWN)
    plan.taken_back, plan.taken = differences(standing(plan.store, shelves), parts)
    return plan


def _check_places(org_under: OrgUnit, book: PaperBook) -> None:
    """Every row belongs to a unit under the one that imports."""
    units = OrgUnit.objects.in_bulk(book.org_ids)
    if len(units) < len(book.org_ids) or not all(covers(org_under.path, unit.path) for unit in units.values()):
        raise NotVisible


def _warn(plan: Plan, deliveries: Iterable[PaperDelivery], issues: Iterable[PaperIssue]) -> None:
    foods = foods_by_name()
    for line in deliveries:
        product, food = plan.products.rows.get(line.product), foods.get(line.product)
        category = product.category if product else food.category if food else ""
        known = {note.code for note in line.warnings}
        found = [note for note in delivery_warnings(line, category) if note.code not in known]
        if line.warnings or found:
            plan.warnings[line.row] += [*line.warnings, *found]
    for issue in issues:
        if issue.warnings:
            plan.warnings[issue.row] += issue.warnings
        if not issue.kind:
            plan.warnings[issue.row].append(MEAL_UNSAID)


def _shelves(plan: Plan, deliveries: Iterable[PaperDelivery], issues: Iterable[PaperIssue], *, lock: bool) -> Shelves:
    """The shelves that the book touches, as they are now."""
    find = plan.products.find
    touched = {plan.key(row) for row in deliveries} | {plan.key(row) for row in issues}
    touched |= {(line.org_id, find(line.lot.product.canonical_id)) for line in plan.lines.values()}
    touched |= {(issue.org_id, find(issue.product.canonical_id)) for issue in plan.issues.values()}
    ids = plan.products.ids(group for _org, group in touched)
    plan.store = load_store({org for org, _group in touched}, ids, find, lock=lock)
    return {key: ShelfPlan(plan.store.shelves[key]) for key in sorted(touched, key=str)}


def _take_back(plan: Plan, shelves: Shelves) -> None:
    find = plan.products.find
    rows = {wrong.public_id: wrong.row for wrong in (*plan.book.reversed_lines, *plan.book.reversed_issues)}
    for line in plan.lines.values():
        plan_of = shelves[line.org_id, find(line.lot.product.canonical_id)]
        plan_of.shelf.add_grams(line.lot_id, -line.quantity_grams)
        plan_of.taking_back.append(rows[line.public_id])
    for issue in plan.issues.values():
        del shelves[issue.org_id, find(issue.product.canonical_id)].shelf.issues[issue.pk]


def _place_deliveries(plan: Plan, shelves: Shelves, deliveries: Iterable[PaperDelivery]) -> None:
    """Each line to its lot: one that is there, or a new one."""
    lots = {_identity(lot): lot.pk for lot in plan.store.lots.values()}
    for line in deliveries:
        shelf = shelves[plan.key(line)]
        product = plan.products.rows.get(line.product)
        supplier = plan.suppliers.rows.get(line.supplier or NO_SUPPLIER)
        identity = (
            line.org_id, product.pk if product else line.product, supplier.pk if supplier else line.supplier,
            line.produced_on, line.batch, line.day,
        )  # fmt: skip
        key = lots.get(identity)
        if key is None:
            key = lots[identity] = -1 - len(plan.new_lots)
            plan.new_lots[key] = line
            shelf.add_lot(
                StoreLot(key, line.day, 0, line.produced_on, line.batch, product.pk if product else 0, NEWEST - key)
            )
        plan.lot_of[line.row] = key
        shelf.shelf.add_grams(key, line.grams)


def _identity(lot: Lot) -> tuple[int, int | str, int | str, date | None, str, date]:
    return (lot.org_id, lot.product_id, lot.supplier_id, lot.produced_on, lot.batch, lot.received_on)


def _place_issues(plan: Plan, shelves: Shelves, issues: Iterable[PaperIssue]) -> None:
    for number, issue in enumerate(issues, start=1):
        product = plan.products.rows.get(issue.product)
        plan.new_issues[-number] = issue
        shelves[plan.key(issue)].add_issue(
            Wanted(
                key=-number,
                day=issue.day,
                grams=issue.grams,
                meal=MEAL_ORDER[issue.kind or MealKind.LUNCH],
                order=NEWEST + number,
                batch=issue.named_batch,
                product=product.pk if product else 0,
            ),
            issue.row,
        )


def standing(store: Store, shelves: Iterable[Key]) -> list[Part]:
    """What the issues of these shelves are derived to come from now, taken-back issues included."""
    touched = set(shelves)
    return [part for part, key in store.standing if key in touched]


def differences(before: Iterable[Part], after: Iterable[Part]) -> tuple[list[Part], list[Part]]:
    """Parts to take back and parts to write, so that the moves tell the new derivation."""
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    return [part for part in old if part not in new], [part for part in new if part not in old]
