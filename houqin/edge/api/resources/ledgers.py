"""What ledgers are kept and what stands in them; values as they are stored, with their columns' codes."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.edge.api.deeds import deed
from houqin.edge.api.reads import ERRORS, Reads, may, mount, named, unit_of, viewer_of
from houqin.edge.api.resources.work import SubjectOut
from houqin.edge.api.schemas import AskedByDay, Code, Day, In, Out, UnitOut, Words, by_day, of
from houqin.edge.api.scopes import takes
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.definitions import every
from houqin.flows.ledgers.drafts import MOST_LINES
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.reading import read
from houqin.flows.ledgers.values import unit_of as measured_in

router = Router()


class ChoiceOut(Out):
    """One answer to choose."""

    code: str
    zh: str
    en: str


class ColumnOut(Out):
    """One thing that is written down. A measured value is a whole number: so many ``per_unit`` make one ``measure``."""

    code: str
    zh: str
    en: str
    kind: str
    required: bool
    measure: str
    per_unit: int
    choices: list[ChoiceOut]

    @staticmethod
    def resolve_measure(row: Any) -> str:
        """Its unit."""
        return measured_in(row)


class LedgerOut(Out):
    """A ledger as it holds at a unit today. ``line_columns`` belong to each line, a line for each of ``lines_of``."""

    code: str
    title_zh: str = of("ledger.title_zh")
    title_en: str = of("ledger.title_en")
    demand: str
    kept: bool = of("is_kept")
    version: int
    columns: list[ColumnOut]
    lines_of: str = of("lines.of", default="")
    line_columns: list[ColumnOut] = of("lines.columns", default=[])


class LedgersOut(Out):
    """Every ledger."""

    items: list[LedgerOut]


@router.get(
    "/units/{uuid:ref}/ledgers", response={200: LedgersOut, **ERRORS}, summary=_("Ledgers of a unit"),  # type: ignore[arg-type]
    operation_id="list_ledgers", description=takes("ledgers.view"), url_name="list-ledgers",
)  # fmt: skip
def ledgers(request: HttpRequest, ref: UUID) -> Any:
    viewer = viewer_of(request)
    may(viewer, "ledgers.view")
    return {"items": every(unit_of(viewer, ref), viewer.today)}


Value = str | int | bool | list[str] | dict[str, str] | None


class CellOut(Out):
    """One value in words, and as it is stored; empty where it is covered or erased."""

    code: str
    label: str
    words: str
    value: Value
    out_of_limits: bool = of("is_out")


class EntryLineOut(Out):
    """One line, with whom or what it is about."""

    label: str
    cells: list[CellOut]
    remark: str


class EntryOut(Out):
    """An entry of a ledger as this key may read it: names and what is personal are covered as on the pages."""

    id: UUID = of("entry.public_id")
    unit: UnitOut = of("entry.org")
    ledger: str = of("entry.ledger")
    title: str
    day: date
    slot: str
    at: datetime
    about: str
    values: list[CellOut] = of("cells")
    lines: list[EntryLineOut]
    remark: str
    breaches: int = of("entry.breaches")
    nothing_to_report: bool = of("entry.nothing_to_report")
    amends: UUID | None = of("entry.amends", default=None)
    amended: bool = of("is_amended")


class EntriesAsked(AskedByDay):
    """Entries by ledger and day; ``out`` are those with values out of limits."""

    lookups: ClassVar[dict[str, str]] = by_day("day") | {"ledger": "ledger"}
    ledger: Code | None = None
    out: bool = False

    def chosen(self) -> dict[str, Any]:
        """With something out of limits."""
        return super().chosen() | ({"breaches__gt": 0} if self.out else {})


def _read(rows: list[Any], viewer: Viewer) -> list[Any]:
    return list(read(rows, viewer))


mount(router, "ledger-entries", Reads(
    model=LedgerEntry, out=EntryOut, asked=EntriesAsked, order=("-day", "-pk"), many=_("Ledger entries"), one=_("Ledger entry"),
    joins=("org", "about", "account"), shown=_read,
))  # fmt: skip


class EntryIn(In):
    """An entry: values by the codes of their columns, measured ones as whole numbers in the unit of the column.

    Each line says under ``line`` whom or what it is about: ``{"id": …, "name": …}``. ``confirmed`` names values that are
    hardly possible and true all the same.
    """

    unit: UUID
    ledger: Code
    day: Day | None = None
    slot: Annotated[str, Field(max_length=20)] = ""
    about: UUID | None = None
    values: Annotated[dict[str, Value], Field(max_length=100)] = Field(default_factory=dict)
    lines: list[Annotated[dict[str, Value], Field(max_length=100)]] = Field(default_factory=list, max_length=MOST_LINES)
    nothing_to_report: bool = False
    late_because: Words = ""
    confirmed: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=100)


class WrittenOut(Schema):
    """The entry that was written and sealed."""

    id: UUID = of("public_id")
    unit: UnitOut = of("org")
    ledger: str
    day: date
    slot: str
    about: SubjectOut | None
    breaches: int


@deed(router, "/ledger-entries", permission="ledgers.record", out=WrittenOut, summary=_("Write a ledger entry"))
def write_entry(request: HttpRequest, body: EntryIn) -> Any:
    viewer = viewer_of(request)
    unit = unit_of(viewer, body.unit)
    about = None
    if body.about is not None:
        subjects: Any = Subject.objects.visible_to(viewer, "ledgers.record").select_related("org")
        about = named(subjects, body.about, "about")
    return record_entry(
        unit, by=viewer, ledger=body.ledger, values=body.values, lines=body.lines, slot=body.slot, about=about, day=body.day,
        nothing_to_report=body.nothing_to_report, late_because=body.late_because, confirmed=body.confirmed,
    )  # fmt: skip
