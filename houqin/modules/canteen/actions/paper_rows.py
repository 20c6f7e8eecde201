"""Writing the rows of a plan: deliveries, lots, lines, meals, issues, moves. Called by `record_from_paper` alone."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.core.tables.inserting import insert_rows
from houqin.lib.notes import Note
from houqin.modules.canteen.actions.lots import LOT_KIND, lot_label
from houqin.modules.canteen.actions.moving import BATCH, Moves
from houqin.modules.canteen.models import (
    Delivery,
    DeliveryLine,
    EaterKind,
    Headcount,
    Issue,
    Lot,
    Meal,
    MealKind,
    Origin,
)
from houqin.modules.canteen.queries.paper import Plan
from houqin.modules.canteen.rules.paper import NO_SUPPLIER, PaperDelivery, PaperIssue, Row

DeliveryKey = tuple[int, int, date]
MealKey = tuple[int, date, str]


def write_rows(plan: Plan, by: Viewer) -> tuple[dict[Row, UUID], dict[Row, UUID]]:
    """Everything but the menus. Returns the public ids of the lines and of the issues by the caller's rows."""
    lots = plan.store.lots | _lots(plan)
    _relabel(plan)
    lines = _lines(plan, by, lots)
    issues = _issues(plan, by)
    moves = Moves(by)
    for line in plan.lines.values():
        moves.line(line, back=True)
    for line in lines.values():
        moves.line(line)
    known = plan.store.issues | {issue.pk: issue for issue in plan.issues.values()} | issues
    for part in plan.taken_back:
        moves.part(known[part.issue], part, part.lot, back=True)
    for part in plan.taken:
        moves.part(known[part.issue], part, lots[part.lot].pk)
    moves.write({lot.pk: lot for lot in lots.values()})
    _mark_reversed(plan, by)
    return (
        {row: line.public_id for row, line in lines.items()},
        {plan.new_issues[key].row: issue.public_id for key, issue in issues.items()},
    )


def _supplier_id(plan: Plan, line: PaperDelivery) -> int:
    return plan.suppliers.rows[line.supplier or NO_SUPPLIER].pk


def _lots(plan: Plan) -> dict[int, Lot]:
    """The lots that are new, under their keys in the plan."""
    products = plan.products.rows
    labels = [lot_label(row.product, row.batch, row.produced_on, row.day) for row in plan.new_lots.values()]
    subjects = insert_rows(
        (
            Subject(kind=LOT_KIND, org_id=row.org_id, label=label)
            for row, label in zip(plan.new_lots.values(), labels, strict=True)
        )
    )
    made = insert_rows(
        (
            Lot(
                subject=subject,
                org_id=row.org_id,
                product=products[row.product],
                supplier_id=_supplier_id(plan, row),
                batch=row.batch,
                produced_on=row.produced_on,
                received_on=row.day,
                expires_on=row.expires_on,
            )
            for row, subject in zip(plan.new_lots.values(), subjects, strict=True)
        )
    )
    return dict(zip(plan.new_lots, made, strict=True))


def _relabel(plan: Plan) -> None:
    """A line that says until when its lot keeps is believed over what the lot said before."""
    said: dict[int, Lot] = {}
    for row in plan.book.deliveries:
        lot = plan.store.lots.get(plan.lot_of[row.row])
        if lot and row.expires_on and lot.expires_on != row.expires_on:
            lot.expires_on = row.expires_on
            said[lot.pk] = lot
    Lot.objects.bulk_update(said.values(), ["expires_on"], batch_size=BATCH)


def _deliveries(plan: Plan, by: Viewer) -> dict[DeliveryKey, Delivery]:
    """A delivery per school, supplier and day; what is there on paper takes further lines."""
    wanted: dict[DeliveryKey, None] = dict.fromkeys(
        (row.org_id, _supplier_id(plan, row), row.day) for row in plan.book.deliveries
    )
    orgs, days = {key[0] for key in wanted}, {key[2] for key in wanted}
    last: dict[tuple[int, date], int] = {}
    found: dict[DeliveryKey, Delivery] = {}
    for row in Delivery.objects.filter(org_id__in=orgs, delivered_on__in=days).order_by("pk"):
        if row.origin == Origin.PAPER:
            found.setdefault((row.org_id, row.supplier_id, row.delivered_on), row)
        number = row.number.rpartition("-")[2]
        place = (row.org_id, row.delivered_on)
        last[place] = max(last.get(place, 0), int(number) if number.isdigit() else 0)
    fresh: dict[DeliveryKey, Delivery] = {}
    for key in wanted:
        if key not in found:
            org_id, supplier_id, day = key
            last[org_id, day] = last.get((org_id, day), 0) + 1
            fresh[key] = Delivery(
                number=f"SH-{day:%Y%m%d}-{last[org_id, day]:04d}",
                org_id=org_id,
                supplier_id=supplier_id,
                delivered_on=day,
                origin=Origin.PAPER,
                recorded_at=by.now,
            )
    insert_rows(fresh.values())
    return found | fresh


def _lines(plan: Plan, by: Viewer, lots: dict[int, Lot]) -> dict[Row, DeliveryLine]:
    deliveries = _deliveries(plan, by) if plan.book.deliveries else {}
    lines = {
        row.row: DeliveryLine(
            org_id=row.org_id,
            delivery=deliveries[row.org_id, _supplier_id(plan, row), row.day],
            lot=lots[plan.lot_of[row.row]],
            delivered_on=row.day,
            quantity_grams=row.grams,
            written_quantity=row.written_quantity[:60],
            unit_price=row.unit_price,
            amount_fen=row.amount_fen,
            certificate_number=row.certificate_number[:60],
            senses=row.senses[:60],
            accepted_by=row.accepted_by[:60],
            note=row.note[:200],
            warnings=_as_json(plan.warnings.get(row.row, ())),
        )
        for row in plan.book.deliveries
    }
    insert_rows(lines.values())
    return lines


def _as_json(notes: Iterable[Note]) -> list[dict[str, object]]:
    return [note.as_json() for note in notes]


def _meals(rows: Iterable[PaperIssue]) -> dict[MealKey, Meal]:
    """The meals of these issues; those that are missing are opened."""
    wanted: dict[MealKey, None] = dict.fromkeys((row.org_id, row.day, row.kind or MealKind.LUNCH.value) for row in rows)
    orgs, days = {key[0] for key in wanted}, {key[1] for key in wanted}
    meals = {(meal.org_id, meal.day, meal.kind): meal for meal in Meal.objects.filter(org_id__in=orgs, day__in=days)}
    fresh = {key: Meal(org_id=key[0], day=key[1], kind=key[2]) for key in sorted(wanted) if key not in meals}
    insert_rows(fresh.values())
    return meals | fresh


def _issues(plan: Plan, by: Viewer) -> dict[int, Issue]:
    """The issues, under their keys in the plan."""
    meals = _meals(plan.new_issues.values()) if plan.new_issues else {}
    issues = {
        key: Issue(
            org_id=row.org_id,
            meal=meals[row.org_id, row.day, row.kind or MealKind.LUNCH.value],
            product=plan.products.rows[row.product],
            issued_on=row.day,
            quantity_grams=row.grams,
            named_batch=row.named_batch,
            taken_by=row.taken_by[:60],
            origin=Origin.PAPER,
            recorded_at=by.now,
        )
        for key, row in plan.new_issues.items()
    }
    insert_rows(issues.values())
    _headcounts(meals, plan.new_issues.values())
    return issues


def _headcounts(meals: dict[MealKey, Meal], rows: Iterable[PaperIssue]) -> None:
    """How many ate, where the ledger says so beside what was taken; a count by classes is better and stays."""
    told: dict[int, int] = {}
    for row in rows:
        if row.eaters:
            meal = meals[row.org_id, row.day, row.kind or MealKind.LUNCH.value].pk
            told[meal] = max(told.get(meal, 0), row.eaters)
    if not told:
        return
    wholes = Headcount.objects.filter(meal__in=told, class_group__isnull=True, kind=EaterKind.PUPILS)
    counts = {row.meal_id: row for row in wholes}
    by_class = set(Headcount.objects.filter(meal__in=told, class_group__isnull=False).values_list("meal", flat=True))
    orgs = {meal.pk: meal.org_id for meal in meals.values()}
    for meal, row in counts.items():
        row.eaters = told[meal]
    Headcount.objects.bulk_update(counts.values(), ["eaters"], batch_size=BATCH)
    fresh = [meal for meal in told if meal not in counts and meal not in by_class]
    Headcount.objects.bulk_create(
        (Headcount(org_id=orgs[meal], meal_id=meal, eaters=told[meal]) for meal in fresh), batch_size=BATCH
    )


def _mark_reversed(plan: Plan, by: Viewer) -> None:
    reasons = {row.public_id: row.reason[:200] for row in (*plan.book.reversed_lines, *plan.book.reversed_issues)}
    for line in plan.lines.values():
        line.reversed_at, line.reversal_reason = by.now, reasons[line.public_id]
    for issue in plan.issues.values():
        issue.reversed_at, issue.reversal_reason = by.now, reasons[issue.public_id]
    fields = ["reversed_at", "reversal_reason"]
    DeliveryLine.objects.bulk_update(plan.lines.values(), fields, batch_size=BATCH)
    Issue.objects.bulk_update(plan.issues.values(), fields, batch_size=BATCH)
