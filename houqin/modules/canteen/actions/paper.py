"""Paper history enters: deliveries, issues and menus as ledgers have them, and their corrections.

Same arithmetic and constraints as live work; rules of conduct that history failed are warnings on the line.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.merging.actions import merge
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.actions import record_parties
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.lib.notes import Note
from houqin.modules.canteen.actions.goods import record_products
from houqin.modules.canteen.actions.moving import lock_schools
from houqin.modules.canteen.actions.paper_menus import write_menus
from houqin.modules.canteen.actions.paper_rows import write_rows
from houqin.modules.canteen.models import Product
from houqin.modules.canteen.queries.names import Names
from houqin.modules.canteen.queries.paper import Plan, plan_paper
from houqin.modules.canteen.queries.store import schools_keeping
from houqin.modules.canteen.rules.conduct import refusals
from houqin.modules.canteen.rules.paper import PaperBook, Problem, Row

M = TypeVar("M", Product, Party)
titled({"canteen.paper_recorded": _("Copied from paper")})


class PaperRefused(Refused):
    """Nothing was written; ``problems`` tell why, row by row."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0].note.in_words(gettext)
        more = len(problems) - 1
        if more:
            first += " " + ngettext("(and %(count)s more row)", "(and %(count)s more rows)", more) % {"count": more}
        super().__init__(first, field=problems[0].field or None)
        self.problems = problems


@dataclass(frozen=True)
class PaperResult:
    """What was written: the caller's row → public id of the line, issue or menu; and the warnings kept."""

    lines: Mapping[Row, UUID]
    issues: Mapping[Row, UUID]
    menus: Mapping[Row, UUID]
    new_suppliers: tuple[Party, ...]
    new_products: tuple[Product, ...]
    merged_suppliers: tuple[Party, ...]
    merged_products: tuple[Product, ...]
    warnings: Mapping[Row, tuple[Note, ...]]


@verb
def record_from_paper(org_under: OrgUnit, *, by: Viewer, book: PaperBook) -> PaperResult:
    """Write a book of paper rows, all of it or nothing. It is marked *from paper* for ever.

    Names are recorded at ``org_under`` as written; what means the same is merged, with undo. A reversal takes back a
    row recorded earlier; afterwards the lots of all paper issues of the products touched are derived anew, and only
    what changed is written, as moves back and new moves.
    """
    require(by, "canteen.record", at=org_under)
    impossible = tuple(problem for row in book.rows for problem in refusals(row, by.today))
    if impossible:
        raise PaperRefused(impossible)
    merging = {*book.same_products, *book.same_products.values()}
    schools = lock_schools(book.org_ids | {org_under.pk} | (schools_keeping(merging) if merging else set()))
    products, new_products, merged_products = _products(org_under, by, book)
    suppliers, new_suppliers, merged_suppliers = _suppliers(org_under, by, book)
    plan = plan_paper(org_under, by=by, book=book, products=products, suppliers=suppliers, lock=True)
    refused = tuple(problem for problem in plan.problems if problem.refuses)
    if refused:
        raise PaperRefused(refused)
    lines, issues = write_rows(plan, by)
    menus = write_menus(plan, by)
    _audit(schools, by, plan)
    return PaperResult(
        lines=lines,
        issues=issues,
        menus=menus,
        new_suppliers=new_suppliers,
        new_products=new_products,
        merged_suppliers=merged_suppliers,
        merged_products=merged_products,
        warnings={row: tuple(notes) for row, notes in plan.warnings.items()},
    )


def _products(
    org_under: OrgUnit, by: Viewer, book: PaperBook
) -> tuple[Names[Product], tuple[Product, ...], tuple[Product, ...]]:
    """Every product named, recorded where it is new and merged where the book says so."""
    known = Names(Product, org_under, book.product_names, {})
    missing = known.missing(sorted(book.product_names))
    made = record_products(org_under, by=by, names=missing) if missing else {}
    known.rows |= made
    merged = _merge(known, by, book.same_products)
    return Names(Product, org_under, book.product_names, {}), tuple(made.values()), merged


def _suppliers(
    org_under: OrgUnit, by: Viewer, book: PaperBook
) -> tuple[Names[Party], tuple[Party, ...], tuple[Party, ...]]:
    """Every supplier named, recorded where it is new and merged where the book says so."""
    known = Names(Party, org_under, book.supplier_names, {})
    missing = known.missing(sorted(book.supplier_names))
    made = record_parties(org_under, by=by, names=missing) if missing else {}
    known.rows |= made
    merged = _merge(known, by, book.same_suppliers)
    return Names(Party, org_under, book.supplier_names, {}), tuple(made.values()), merged


def _merge(known: Names[M], by: Viewer, same: Mapping[str, str]) -> tuple[M, ...]:
    merged = []
    for name, kept in sorted(same.items()):
        here, there = known.rows[name], known.rows[kept]
        here.refresh_from_db()
        there.refresh_from_db()
        if here.canonical_id != there.canonical_id:
            merge(there, by=by, duplicate=here, why=gettext("as the import proposed"))
            merged.append(here)
    return tuple(merged)


def _audit(schools: list[OrgUnit], by: Viewer, plan: Plan) -> None:
    """One entry a school."""
    book = plan.book
    counts: dict[str, Counter[int]] = {
        "lines": Counter(row.org_id for row in book.deliveries),
        "issues": Counter(row.org_id for row in book.issues),
        "menus": Counter(row.org_id for row in book.menus),
        "lines_reversed": Counter(line.org_id for line in plan.lines.values()),
        "issues_reversed": Counter(issue.org_id for issue in plan.issues.values()),
        "menus_dropped": Counter(menu.org_id for menu in plan.menus.values()),
    }
    for school in schools:
        detail = {name: count[school.pk] for name, count in counts.items() if count[school.pk]}
        if detail:
            record("canteen.paper_recorded", school, by=by, org=school, **detail)
