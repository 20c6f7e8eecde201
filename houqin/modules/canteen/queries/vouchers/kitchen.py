"""Goods-issued note: what went from the store into one meal, from which lots, for how many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from houqin.core.orgs.models import OrgUnit
from houqin.modules.canteen.models import Issue, Lot, Meal, StockMove
from houqin.modules.canteen.queries.dishes import cooked_dishes
from houqin.modules.canteen.queries.eaters import Eaters, eaters_of
from houqin.modules.canteen.queries.vouchers.accounts import prices_of
from houqin.modules.canteen.queries.vouchers.goods import batch_words, paper_mark
from houqin.modules.canteen.queries.vouchers.listing import Form
from houqin.modules.canteen.queries.vouchers.sheet import Col, Line, PaperSheet, Shows, Signature, Table
from houqin.modules.canteen.rules.prices import PARTS_A_FEN, worth
from houqin.ui import formats


@dataclass(frozen=True)
class _Part:
    """Grams of an issue that came from one lot."""

    lot: Lot
    grams: int
    certain: bool


def sheets_of_meals(org: OrgUnit, forms: Sequence[Form]) -> Iterable[PaperSheet]:
    """Their forms in the order given. Fifteen queries for any number."""
    meals = list(Meal.objects.filter(pk__in=[form.about.pk for form in forms]).select_related("org"))
    issues: dict[int, list[Issue]] = defaultdict(list)
    for issue in Issue.objects.filter(meal__in=meals).select_related("product").order_by("pk"):
        issues[issue.meal_id].append(issue)
    parts = _parts(meals)
    prices = prices_of({part.lot.pk for rows in parts.values() for part in rows})
    eaters, dishes = eaters_of(meals), cooked_dishes(meals)
    known = {meal.pk: meal for meal in meals}
    for form in forms:
        meal = known[form.about.pk]
        lines = [_line(number, issue, parts[issue.pk], prices) for number, issue in enumerate(issues[meal.pk], start=1)]
        yield _sheet(org, form, meal, lines, _facts(org, meal, eaters[meal.pk], dishes[meal.pk]), issues[meal.pk])


def _parts(meals: Sequence[Meal]) -> dict[int, list[_Part]]:
    """Issue → the lots it came from, after what was taken back."""
    moves = StockMove.objects.filter(meal__in=meals, issue__isnull=False).order_by()
    sums = list(moves.values("issue_id", "lot_id", "is_certain").annotate(grams=-Sum("grams")))
    lots = Lot.objects.select_related("product", "supplier__root").in_bulk([row["lot_id"] for row in sums])
    found: dict[int, list[_Part]] = defaultdict(list)
    for row in sums:
        if row["grams"]:
            found[row["issue_id"]].append(_Part(lots[row["lot_id"]], row["grams"], row["is_certain"]))
    return found


def _line(number: int, issue: Issue, parts: Sequence[_Part], prices: dict[int, tuple[int, int]]) -> Line:
    cost = sum(
        worth(prices[part.lot.pk][0], part.grams, prices[part.lot.pk][1]) for part in parts if part.lot.pk in prices
    )
    a_kilogram = worth(cost, 1000, issue.quantity_grams) * PARTS_A_FEN
    remark = _("taken back: %(why)s") % {"why": issue.reversal_reason} if issue.reversed_at else ""
    return Line(
        (
            number, str(issue.product), issue.quantity_grams, a_kilogram or None, cost or None, _batches(issue, parts),
            "；".join(dict.fromkeys(str(part.lot.supplier.root or part.lot.supplier) for part in parts)), remark,
        ),
        struck=issue.reversed_at is not None,
    )  # fmt: skip


def _batches(issue: Issue, parts: Sequence[_Part]) -> str:
    """The lots; with their weights where there are several, with a star where the ledger names none."""
    if not parts:
        return issue.named_batch
    several = len(parts) > 1
    words = (
        f"{batch_words(part.lot)}{f'（{formats.weight(part.grams)}）' if several else ''}{'' if part.certain else ' *'}"
        for part in parts
    )
    return "；".join(words)


def _facts(org: OrgUnit, meal: Meal, eaters: Eaters, dishes: Sequence[str]) -> list[tuple[str, str]]:
    about = _("about %(count)s") if eaters.estimated else "%(count)s"
    facts = [
        (_("School"), org.name), (_("Meal"), f"{formats.day(meal.day)} {meal.get_kind_display()}"),
        (_("Eaters"), about % {"count": eaters.number}),
    ]  # fmt: skip
    return [*facts, (_("Dishes"), "、".join(dishes))] if dishes else facts


def _sheet(
    org: OrgUnit, form: Form, meal: Meal, lines: list[Line], facts: list[tuple[str, str]], issues: Sequence[Issue]
) -> PaperSheet:
    columns = (
        Col(_("No."), 8, Shows.COUNT), Col(_("Name of goods"), 22), Col(_("Weight (kg)"), 18, Shows.WEIGHT),
        Col(_("Price a kilogram (yuan)"), 17, Shows.PRICE), Col(_("Amount (yuan)"), 20, Shows.MONEY),
        Col(_("From lot (produced / batch)"), 43), Col(_("Supplier"), 36), Col(_("Remark"), 22),
    )  # fmt: skip
    table = Table(columns, lines)
    taken = "、".join(dict.fromkeys(issue.taken_by for issue in issues if issue.taken_by))
    derived = any("*" in line.cells[5] for line in lines)
    return PaperSheet(
        kind=form.kind,
        title=_("%(school)s canteen · goods-issued note") % {"school": org.name},
        number=form.voucher.number if form.voucher else "",
        facts=facts,
        table=table,
        due_fen=table.total(Shows.MONEY),
        notes=[_("* The ledger names no batch; derived as oldest produced first.")] if derived else [],
        signatures=[
            Signature(_("Taken by"), taken), Signature(_("Keeper")), Signature(_("Head of the canteen")),
        ],
        stamps=[_("Stamp of the school")],
        mark=paper_mark(form),
    )  # fmt: skip
