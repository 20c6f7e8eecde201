"""The hand-over package: what investigators ask for, in one ZIP of tables that open anywhere. Numbers, no names of children."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from houqin.core.files.keeping import open_bytes
from houqin.core.scope.models import DataClass
from houqin.core.scope.viewer import system_viewer
from houqin.flows.cases.models import Case
from houqin.flows.credentials.models import Credential
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.reading import Cell, read
from houqin.lib.text import harmless
from houqin.modules.canteen.models import DeliveryLine, Lot, Meal, MealCheck, Sample, SealedThing, StockMove
from houqin.modules.canteen.queries.certificates import PaperKinds, valid_papers
from houqin.modules.canteen.queries.dishes import dishes_cooked, parts_of
from houqin.modules.canteen.queries.eaters import eaters_of
from houqin.modules.canteen.queries.incidents.drafting import chance_words, risk_words, share
from houqin.modules.canteen.queries.incidents.figures import LOOKED_BACK, attack_of, figures_of, meals_before
from houqin.ui import formats

MORNING_CHECKS = "staff-morning-check"
PROCESS_LEDGERS = (
    "cold-storage", "food-additives", "core-temperature", "tableware-disinfection", "equipment-cleaning", "serving-room",
    "delivered-meals", "kitchen-waste", "sample-disposal", "rejected-goods", "daily-control", "pest-control",
    "tank-cleaning", "dispenser-disinfection", "water-test",
)  # fmt: skip
Rows = Iterable[Sequence[Any]]


def build(case: Case, path: Path) -> int:
    """Write the ZIP; returns how many files it holds. A photo of a paper goes in only where it shows no personal data."""
    meals = meals_before(case)
    lots = _lots(meals)
    papers = _papers(lots)
    entry_heads = [_("Day"), _("Recorded"), _("Ledger"), _("About"), _("Content"), _("Remark")]
    with ZipFile(path, "w", ZIP_DEFLATED) as made:
        tables: list[tuple[str, list[str], Rows]] = [
            (_("1 Menus of 72 hours"), [_("Day"), _("Meal"), _("Dish"), _("Made of"), _("Eaters")], _menus(meals)),
            (
                _("2 Lots and papers"),
                [_("Product"), _("Batch"), _("Produced"), _("Supplier"), _("Received on"), _("Received"), _("Meals"), _("Papers")],
                _lot_rows(lots, meals, papers),
            ),
            (_("3 Morning checks"), entry_heads, _entries(case, [MORNING_CHECKS])),
            (_("4 Process records"), [_("Meal"), _("Check"), _("Dish"), "°C", _("In order"), _("Checked"), _("Remark")], _checks(meals)),
            (
                _("5 Samples, hand-over form"),
                [_("Meal"), _("Dish"), "g", _("Kept at"), _("Where"), _("Label no."), _("Handed over (signature)"), _("Received (signature)")],
                _samples(meals),
            ),
            (_("6 Sealed things"), [_("Kind"), _("What"), _("Where it stands"), _("Sealed")], _sealed(case)),
            (_("7 Classes"), [_("Class"), _("Ill"), _("Well"), _("Ate"), _("Attack rate")], _classes(case)),
            (
                _("8 Attack rates by dish"),
                [_("Meal"), _("Dish"), _("Ill, ate"), _("Well, ate"), _("Ill, did not eat"), _("Well, did not eat"), _("Relative risk"), _("By chance"), _("Small numbers")],
                _dishes(case),
            ),
            (_("10 Ledgers of 72 hours"), entry_heads, _entries(case, PROCESS_LEDGERS)),
            (_("9 Steps"), [_("Step"), _("Done"), _("By"), _("Note")], _steps(case)),
        ]  # fmt: skip
        for title, heads, rows in tables:
            made.writestr(f"{title}.xlsx", _book(title, heads, rows))
        for report in case.reports.all():
            made.writestr(f"{report}.txt", report.body)
        for number, paper in enumerate(papers, 1):
            if paper.photo is not None and paper.photo.data_class in (DataClass.PUBLIC, DataClass.OPERATIONAL):
                with open_bytes(paper.photo.blob) as content:
                    made.writestr(
                        f"{_('Papers')}/{number:02d} {harmless(paper.number or paper.kind)}.jpg".replace("\\", "_"),
                        content.read(),
                    )
        made.writestr("README.txt", _readme(case))
        return len(made.namelist())


def _menus(meals: Sequence[Meal]) -> Rows:
    cooked = dishes_cooked(meals) if meals else {}
    inside = parts_of([dish for dishes in cooked.values() for dish in dishes])
    eaters = eaters_of(meals) if meals else {}
    for meal in meals:
        for dish in cooked[meal.pk]:
            parts = "、".join(f"{product}{f' {grams} g' if grams else ''}" for product, grams in inside[dish])
            yield meal.day, meal.get_kind_display(), dish.name, parts, eaters[meal.pk].number


def _lots(meals: Sequence[Meal]) -> list[Lot]:
    if not meals:
        return []
    moves = StockMove.objects.filter(
        meal__in=[meal.pk for meal in meals], day__gte=min(meal.day for meal in meals), issue__isnull=False
    )
    ids = set(moves.order_by().values_list("lot_id", flat=True))
    return list(
        Lot.objects.filter(pk__in=ids).select_related("org", "product", "supplier").order_by("product__name", "pk")
    )


def _papers(lots: Sequence[Lot]) -> list[Credential]:
    """What the suppliers of these lots showed and what held when they came."""
    kinds = PaperKinds(min((lot.received_on for lot in lots), default=timezone.localdate()))
    found: dict[int, Credential] = {}
    for lot in {(lot.supplier_id, lot.received_on): lot for lot in lots}.values():
        for paper in valid_papers(kinds, lot.org, lot.supplier, lot.received_on):
            found[paper.pk] = paper
    lines = DeliveryLine.objects.standing().filter(lot__in=lots).values("lot__subject")
    about = Credential.objects.filter(about__in=lines).select_related("photo__blob")
    return list({**found, **{paper.pk: paper for paper in about}}.values())


def _lot_rows(lots: Sequence[Lot], meals: Sequence[Meal], papers: Sequence[Credential]) -> Rows:
    named = {meal.pk: str(meal) for meal in meals}
    used: dict[int, set[str]] = {}
    for lot_id, meal_id in (
        StockMove.objects.filter(meal__in=named, lot__in=lots, issue__isnull=False)
        .order_by()
        .values_list("lot_id", "meal_id")
    ):
        used.setdefault(lot_id, set()).add(named[meal_id])
    shown = "、".join(f"{paper.kind} {paper.number}".strip() for paper in papers)
    for lot in lots:
        yield (
            str(lot.product), lot.batch, lot.produced_on, str(lot.supplier), lot.received_on, formats.weight(lot.on_hand_grams),
            "、".join(sorted(used.get(lot.pk, ()))), shown,
        )  # fmt: skip


def _entries(case: Case, ledgers: Sequence[str]) -> Rows:
    """What stands in these ledgers of the 72 hours, line by line in words; names of staff covered, the ledger itself shows them."""
    last = timezone.localdate(case.opened_at)
    rows = LedgerEntry.objects.filter(org=case.org, ledger__in=ledgers, day__gte=last - LOOKED_BACK, day__lte=last)
    for one in read(rows.order_by("ledger", "day", "at"), system_viewer(), masked=True):
        if one.is_amended:
            continue
        head = (one.day, formats.instant(one.at), one.title)
        if one.cells or not one.lines:
            yield (*head, one.about, _words(one.cells), one.remark)
        for line in one.lines:
            yield (*head, line.label, _words(line.cells), line.remark)


def _words(cells: Sequence[Cell]) -> str:
    return "；".join(f"{cell.label} {cell.words}" for cell in cells)


def _checks(meals: Sequence[Meal]) -> Rows:
    rows = MealCheck.objects.filter(meal__in=meals).select_related("meal").order_by("meal__day", "at")
    for row in rows:
        degrees = None if row.tenths is None else row.tenths / 10
        yield (
            str(row.meal),
            row.get_kind_display(),
            row.dish,
            degrees,
            _("yes") if row.passed else _("no"),
            formats.instant(row.at),
            row.note,
        )


def _samples(meals: Sequence[Meal]) -> Rows:
    rows = Sample.objects.kept().filter(meal__in=meals).select_related("meal", "place").order_by("meal__day", "pk")
    for row in rows:
        yield (
            str(row.meal),
            row.dish,
            row.grams,
            formats.instant(row.taken_at),
            str(row.place or ""),
            row.written_number or row.label_code,
            "",
            "",
        )


def _sealed(case: Case) -> Rows:
    for row in SealedThing.objects.filter(case=case):
        yield row.get_kind_display(), row.what, row.where, formats.instant(row.at)


def _classes(case: Case) -> Rows:
    for one in figures_of(case, case.incident.meal).classes:
        yield str(one.group), one.ill, one.well, one.ate, share(one.rate)


def _dishes(case: Case) -> Rows:
    for table in attack_of(case).tables:
        for one in table.dishes:
            cells = one.cells
            small = _("yes") if cells.is_small else ""
            yield (
                str(table.meal),
                one.dish,
                cells.ill_ate,
                cells.well_ate,
                cells.ill_not,
                cells.well_not,
                risk_words(one),
                chance_words(one),
                small,
            )


def _steps(case: Case) -> Rows:
    for step in case.steps.select_related("done_by"):
        yield step.title, formats.instant(step.done_at) if step.done_at else "", str(step.done_by or ""), step.note


def _book(title: str, heads: Sequence[str], rows: Rows) -> bytes:
    """One table as a workbook; texts are never taken for formulas."""
    file = BytesIO()
    book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    sheet, bold, days = (
        book.add_worksheet(title[:31]),
        book.add_format({"bold": True}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, len(heads) - 1, 18)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if hasattr(value, "isoformat"):
                sheet.write_datetime(line, column, value, days)
            elif isinstance(value, int | float):
                sheet.write_number(line, column, value)
            elif value:
                sheet.write_string(line, column, harmless(str(value)))
    book.close()
    return file.getvalue()


def _readme(case: Case) -> str:
    told = _(
        "%(school)s, case %(number)s, discovered %(at)s. Names of ill children are not in here; the head of school hands the register over on paper."
    )
    text = told % {"school": case.org, "number": case.number, "at": formats.instant(case.opened_at)}
    return f"{_('[DRILL – not to be sent on]')}\n{text}" if case.drill else text
