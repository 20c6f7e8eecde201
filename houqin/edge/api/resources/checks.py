"""Findings and how they are put right, visits, and tables that offices ask for."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Router

from houqin.core.scope.models import within
from houqin.edge.api.deeds import deed
from houqin.edge.api.problems import wrong
from houqin.edge.api.reads import ERRORS, Reads, mount, viewer_of
from houqin.edge.api.resources.work import SubjectOut
from houqin.edge.api.schemas import AskedByDay, Day, In, OneOf, Out, UnitOut, Words, by_day, of
from houqin.edge.api.scopes import takes
from houqin.flows.collect.actions.answering import MOST_LINES, answer_notice
from houqin.flows.collect.models import CollectionColumn, Kind, Return
from houqin.flows.collect.values import of_cell
from houqin.flows.rectify.actions.checking import pass_recheck, report_fixed, return_recheck
from houqin.flows.rectify.models import Finding, FindingState, Severity
from houqin.modules.inspections.models import Visit, VisitState

router = Router()
Remark = Annotated[str, Field(max_length=2000)]


class FindingOut(Out):
    """Something that is not as it should be, and how far it is put right."""

    id: UUID = of("public_id")
    number: str
    unit: UnitOut = of("org")
    found_by: UnitOut = of("found_org")
    looks_again: UnitOut | None = of("check_org")
    about: SubjectOut | None
    place: str
    title: str
    detail: str
    standard: str
    basis: str
    severity: Annotated[int, OneOf(Severity)]
    red_line: bool
    day: date
    due_on: date | None
    state: Annotated[str, OneOf(FindingState)]
    nth: int
    closed_at: datetime | None


class FindingsAsked(AskedByDay):
    """Findings by day, state and weight."""

    lookups: ClassVar[dict[str, str]] = by_day("day") | {
        "state": "state",
        "severity": "severity",
        "due_until": "due_on__lte",
    }
    state: Annotated[str, OneOf(FindingState)] | None = None
    severity: Annotated[int, Field(ge=1, le=3)] | None = None
    due_until: Day | None = None


FINDINGS = Reads(
    model=Finding, out=FindingOut, asked=FindingsAsked, order=("-day", "-pk"), many=gettext_lazy("Findings"), one=gettext_lazy("Finding"),
    joins=("org", "found_org", "check_org", "about"),
)  # fmt: skip
mount(router, "findings", FINDINGS)


class RemarkIn(In):
    """What was done, or seen."""

    remark: Remark


def _on_finding(code: str, permission: str, verb: Callable[..., Finding], summary: str | Promise) -> None:
    """``POST /findings/<id>/<code>``: a verb that takes a finding and a remark."""

    def done(request: HttpRequest, ref: UUID, body: RemarkIn) -> Any:
        viewer = viewer_of(request)
        return verb(FINDINGS.find(viewer, ref), by=viewer, remark=body.remark)

    done.__name__ = code
    deed(router, f"/findings/{{uuid:ref}}/{code}", permission=permission, out=FindingOut, summary=summary)(done)


_on_finding("fixed", "rectify.fix", report_fixed, gettext_lazy("Report a finding as put right"))
_on_finding("passed", "rectify.recheck", pass_recheck, gettext_lazy("Close a finding that is put right"))
_on_finding("returned", "rectify.recheck", return_recheck, gettext_lazy("Send a finding back"))


class VisitOut(Out):
    """An inspection of a school. One that is unannounced is known when it has begun."""

    id: UUID = of("public_id")
    number: str
    unit: UnitOut = of("org")
    office: UnitOut
    kind: str
    unannounced: bool
    state: Annotated[str, OneOf(VisitState)]
    planned_on: date | None
    day: date | None
    signed_at: datetime | None


class VisitsAsked(AskedByDay):
    """Visits by day and state."""

    lookups: ClassVar[dict[str, str]] = by_day("day") | {"state": "state"}
    state: Annotated[str, OneOf(VisitState)] | None = None


mount(router, "visits", Reads(
    model=Visit, out=VisitOut, asked=VisitsAsked, order=("-pk",), many=gettext_lazy("Inspection visits"), one=gettext_lazy("Inspection visit"),
    joins=("org", "office"),
    # Whom somebody inspects beyond the role is theirs to see, not their program's.
    narrow=lambda rows, viewer: rows.filter(within("org__path", viewer.paths_for("inspections.view"))),
))  # fmt: skip


class ReturnOut(Out):
    """A table that an office asks a school to fill in."""

    id: UUID = of("public_id")
    unit: UnitOut = of("org")
    office: UnitOut = of("collection.org")
    title: str = of("collection.title")
    state: Annotated[str, OneOf(Return.State)]
    due_on: date
    answered_at: datetime | None


class ReturnsAsked(AskedByDay):
    """Tables by the day on which they are due, and state."""

    lookups: ClassVar[dict[str, str]] = by_day("due_on") | {"state": "state"}
    state: Annotated[str, OneOf(Return.State)] | None = None


RETURNS = Reads(
    model=Return, out=ReturnOut, asked=ReturnsAsked, order=("-pk",), many=gettext_lazy("Tables to fill in"), one=gettext_lazy("Table to fill in"),
    joins=("org", "collection__org"),
)  # fmt: skip
mount(router, "returns", RETURNS)


class AskedColumnOut(Out):
    """A column: what its cells hold. Numbers with decimals and money are whole numbers of the smallest unit."""

    position: int
    label: str
    kind: Annotated[str, OneOf(Kind)]
    measure: str = of("unit")
    decimals: int
    choices: list[str]
    needed: bool


Filled = str | int | bool | date | None


class TableOut(ReturnOut):
    """The table with what stands in it: line by line, the value of each column by its position."""

    text: str = of("collection.text")
    several_rows: bool = of("collection.several_rows")
    columns: list[AskedColumnOut]
    lines: list[dict[int, Filled]]


@router.get(
    "/returns/{uuid:ref}/table", response={200: TableOut, **ERRORS}, summary=gettext_lazy("Columns and answers of a table"),  # type: ignore[arg-type]
    operation_id="get_table", description=takes("collect.view"), url_name="get-table",
)  # fmt: skip
def table(request: HttpRequest, ref: UUID) -> Any:
    return _whole(RETURNS.find(viewer_of(request), ref))


class AnswerIn(In):
    """Line by line, the value of each column by its position; days as 2024-03-04."""

    lines: Annotated[list[dict[int, str | int | bool | None]], Field(min_length=1, max_length=MOST_LINES)]
    late_because: Words = ""


@deed(
    router,
    "/returns/{uuid:ref}/answer",
    permission="collect.answer",
    out=TableOut,
    summary=gettext_lazy("Answer a table"),
)
def answer(request: HttpRequest, ref: UUID, body: AnswerIn) -> Any:
    viewer = viewer_of(request)
    row = RETURNS.find(viewer, ref)
    columns = {one.position: one for one in row.collection.columns.all()}
    lines = [
        {columns[at].pk: _typed(columns[at], value) for at, value in line.items() if _known(columns, at)}
        for line in body.lines
    ]
    answer_notice(row, by=viewer, lines=lines, late_because=body.late_because)
    return _whole(RETURNS.find(viewer, ref))


def _known(columns: dict[int, CollectionColumn], position: int) -> bool:
    if position not in columns:
        raise wrong("lines", _("The table has no column %(position)s.") % {"position": position})
    return True


def _typed(column: CollectionColumn, value: str | int | bool | None) -> Any:
    if column.kind != Kind.DATE or not value:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong("lines", _("Write a day such as 2024-03-04.")) from None


def _whole(row: Return) -> Return:
    columns = list(row.collection.columns.all())
    by_pk = {one.pk: one for one in columns}
    lines: dict[int, dict[int, Any]] = {}
    for cell in row.cells.all():
        column = by_pk[cell.column_id]
        lines.setdefault(cell.line, {})[column.position] = of_cell(cell, column)
    row.columns, row.lines = columns, [lines[number] for number in sorted(lines)]  # type: ignore[attr-defined]
    return row
