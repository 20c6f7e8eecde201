"""Short ways to write a ledger in tests: days count from Friday 1 March 2024, weights are kilograms."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db.models import Sum

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.paper import PaperResult, record_from_paper
from houqin.modules.canteen.models import (
    Delivery,
    DeliveryLine,
    Headcount,
    Issue,
    Lot,
    Meal,
    Menu,
    MenuDish,
    MenuIngredient,
    Product,
    StockEntry,
    StockMove,
    Stocktake,
    StocktakeLine,
)
from houqin.modules.canteen.rules.paper import PaperBook, PaperDelivery, PaperDish, PaperIssue, PaperMenu, Reversal

FIRST = date(2024, 3, 1)
LATER = datetime(2024, 6, 1, 4, 0, tzinfo=UTC)
_rows = count(1)
TABLES = (
    Delivery,
    DeliveryLine,
    Lot,
    Issue,
    Meal,
    Menu,
    MenuDish,
    MenuIngredient,
    Headcount,
    Product,
    StockMove,
    StockEntry,
    Stocktake,
    StocktakeLine,
)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def came(
    school: OrgUnit, on: int, kg: float, *, produced: int | None = None, product: str = "大米", **more: Any
) -> PaperDelivery:
    """A line of the delivery ledger."""
    return PaperDelivery(
        row=more.pop("row", ("in", next(_rows))),
        org_id=school.pk,
        day=day(on),
        product=product,
        grams=round(kg * 1000),
        supplier=more.pop("supplier", "惠民粮油"),
        produced_on=day(produced) if produced is not None else None,
        **more,
    )


def went(school: OrgUnit, on: int, kg: float, *, product: str = "大米", kind: str = "lunch", **more: Any) -> PaperIssue:
    """A line of the issue ledger."""
    row = more.pop("row", ("out", next(_rows)))
    return PaperIssue(row, school.pk, day(on), product, round(kg * 1000), kind=kind, **more)


def menu(org: OrgUnit, on: int, dishes: dict[str, list[str]], kind: str = "lunch") -> PaperMenu:
    """A weighed menu, 50 g of everything."""
    rows = tuple(PaperDish(name, tuple((inside, 50) for inside in inside_it)) for name, inside_it in dishes.items())
    return PaperMenu(("menu", next(_rows)), org.pk, day(on), kind, rows)


def write(
    under: OrgUnit,
    by: Viewer,
    *rows: PaperDelivery | PaperIssue | PaperMenu,
    lines_back: Iterable[Any] = (),
    issues_back: Iterable[Any] = (),
    **more: Any,
) -> PaperResult:
    """Write a book of these rows, and take these public ids back."""
    book = book_of(*rows, lines_back=lines_back, issues_back=issues_back, **more)
    return record_from_paper(under, by=by, book=book)


def book_of(
    *rows: PaperDelivery | PaperIssue | PaperMenu,
    lines_back: Iterable[Any] = (),
    issues_back: Iterable[Any] = (),
    **more: Any,
) -> PaperBook:
    return PaperBook(
        deliveries=tuple(row for row in rows if isinstance(row, PaperDelivery)),
        issues=tuple(row for row in rows if isinstance(row, PaperIssue)),
        menus=tuple(row for row in rows if isinstance(row, PaperMenu)),
        reversed_lines=tuple(Reversal(("back", ref), ref, "写错") for ref in lines_back),
        reversed_issues=tuple(Reversal(("back", ref), ref, "写错") for ref in issues_back),
        **more,
    )


def from_lots(issue_ref: Any) -> dict[str, float]:
    """Batch → kilograms that an issue is derived to come from."""
    rows = StockMove.objects.filter(issue__public_id=issue_ref).order_by()
    sums = rows.values("lot__batch").annotate(grams=-Sum("grams"))
    return {row["lot__batch"]: row["grams"] / 1000 for row in sums if row["grams"]}


def counted() -> dict[str, int]:
    """How many rows every table holds: what a refusal must not change."""
    return {model.__name__: model._base_manager.count() for model in TABLES}


def check_balances() -> None:
    """Every balance is the sum of its moves, and the moves tell every line, issue and entry."""
    for lot in Lot.objects.annotate(moved=Sum("moves__grams")):
        assert lot.on_hand_grams == (lot.moved or 0) >= 0
    for issue in Issue.objects.all():
        moved = -(issue.moves.aggregate(grams=Sum("grams"))["grams"] or 0)
        assert moved == (0 if issue.reversed_at else issue.quantity_grams)
    for entry in StockEntry.objects.all():
        moved = entry.moves.aggregate(grams=Sum("grams"))["grams"] or 0
        assert moved == (0 if entry.reversed_at else entry.grams)
    for line in DeliveryLine.objects.all():
        moved = line.moves.aggregate(grams=Sum("grams"))["grams"] or 0
        assert moved == (0 if line.reversed_at else line.quantity_grams)
