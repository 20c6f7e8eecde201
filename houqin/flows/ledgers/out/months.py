"""The month sheet of a ledger in its official form: one row an entry or a line of it, one for each day without.

What was amended stays, struck through, above the entry that took its place. A day on which it was asked for and not
written says so; a day on which nobody asked says that. No figure is made up.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.places.marks import STOPPED, marked, marks_of
from houqin.core.places.models import Place, Stop
from houqin.core.places.owners import with_owners
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.schedule import Every
from houqin.flows.duties.words import slot_of
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import Resolved, resolved
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.reading import SEE_NAMES, Cell, Line, Readable, read
from houqin.flows.ledgers.values import figure, unit_of
from houqin.flows.ledgers.words import language
from houqin.flows.seals.models import Seal
from houqin.ui import formats
from houqin.ui.masks import mask_name

DAILY = frozenset({Every.MEAL, Every.SCHOOL_DAY, Every.BOARDING_DAY, Every.WORKING_DAY, Every.DAY})
NAMED = 3
_SLOT_ORDER = {
    slot: number for number, slot in enumerate(("am", "breakfast", "noon", "lunch", "pm", "dinner", "evening", "night"))
}
FIRST_YEAR, LAST_YEAR = 2000, 2999


class Row(StrEnum):
    """What a row of the sheet is."""

    ENTRY = "entry"
    MISSED = "missed"
    EXCUSED = "excused"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def read(cls, text: str, today: date) -> "Month":
        """2024-03, else the month of today."""
        try:
            found = date.fromisoformat(f"{text}-01")
        except ValueError:
            return cls(today.replace(day=1))
        return cls(found if FIRST_YEAR <= found.year <= LAST_YEAR else today.replace(day=1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def code(self) -> str:
        """2024-03."""
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        """The month after."""
        return Month(self.last + timedelta(days=1))

    def days(self, today: date) -> Iterator[date]:
        """Its days up to today."""
        day = self.first
        while day <= min(self.last, today):
            yield day
            day += timedelta(days=1)


@dataclass(frozen=True)
class Head:
    """A heading of the sheet; ``is_wide`` where words stand below it."""

    label: str
    is_number: bool = False
    is_wide: bool = False


@dataclass(frozen=True)
class Box:
    """One value: in words, and as a figure where it is one and is not hidden."""

    words: str = ""
    figure: Decimal | None = None
    is_out: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One row; ``is_first`` of its entry carries the day."""

    sort: Row
    day: date
    boxes: tuple[Box, ...] = ()
    is_struck: bool = False
    is_first: bool = True
    words: str = ""


@dataclass(frozen=True)
class MonthSheet:
    """The sheet of one ledger, school and month, ready for paper and for Excel.

    ``marks`` say which of its places were stopped in the month, and of the running month which are not to be used.
    """

    resolved: Resolved
    org: OrgUnit
    month: Month
    heads: tuple[Head, ...]
    rows: tuple[SheetRow, ...]
    entries: int
    missed: int
    marks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title of the official form."""
        ledger = self.resolved.ledger
        return ledger.print.zh if language().startswith("zh") and ledger.print.zh else ledger.title(language())

    @property
    def is_landscape(self) -> bool:
        """Whether it is printed across."""
        return self.resolved.ledger.print.landscape

    @property
    def signatures(self) -> list[str]:
        """Who signs below."""
        return self.resolved.ledger.print.signatures


def month_sheet(org: OrgUnit, code: str, month: Month, viewer: Viewer) -> MonthSheet:
    """The sheet; the same number of queries for three entries and for three hundred."""
    held = resolved(code, org, min(month.last, max(viewer.today, month.first)))
    rows = LedgerEntry.objects.visible_to(viewer).filter(org=org, ledger=code, day__range=(month.first, month.last))
    entries = read(rows.select_related("org", "account", "about").order_by("day", "slot", "at", "pk"), viewer)
    seals = dict(
        Seal.objects.filter(item_id__in=[one.entry.public_id for one in entries]).values_list("item_id", "number")
    )
    shape = _shape(held, entries)
    if held.ledger.print.owner:
        entries, shape = _with_owners(org, entries, shape, min(month.last, viewer.today), viewer)
    by_day: dict[date, list[SheetRow]] = defaultdict(list)
    for one in _in_order(entries):
        by_day[one.day].extend(shape.rows(one, seals.get(one.entry.public_id)))
    duties = _unwritten(org, code, month, viewer)
    missed = 0
    for day, sort, words in duties:
        by_day[day].append(SheetRow(sort, day, words=words))
        missed += sort == Row.MISSED
    if any(when.every in DAILY for when in held.ledger.schedules):
        for day in month.days(viewer.today):
            if not by_day.get(day):
                by_day[day].append(SheetRow(Row.NOTHING, day, words=_("Nothing was due on this day")))
    found = tuple(row for day in sorted(by_day) for row in by_day[day])
    standing = sum(not one.is_amended for one in entries)
    return MonthSheet(held, org, month, shape.heads(), found, standing, missed, _marks(held, org, month, viewer))


OWNER = Column(code="owner", zh="责任人", en="Who answers for it", kind="text")


def _with_owners(
    org: OrgUnit, entries: Iterable[Readable], shape: "_Shape", day: date, viewer: Viewer
) -> tuple[list[Readable], "_Shape"]:
    """The entries with who answers for each place, as the official form has it. One query."""
    rows = with_owners(Place.objects.filter(org=org), day).values_list("name", "owner_name")
    is_open = viewer.may(SEE_NAMES, org.path)
    owners = {name: (owner if is_open else mask_name(owner)) if owner else "" for name, owner in rows}

    def told(place: str) -> Cell:
        return Cell(OWNER.code, OWNER.title(language()), owners.get(place, ""), None)

    if shape.about_lines:
        shape = replace(shape, inner=(OWNER, *shape.inner))
        return [
            replace(one, lines=tuple(replace(line, cells=(told(line.label), *line.cells)) for line in one.lines))
            for one in entries
        ], shape
    shape = replace(shape, columns=(OWNER, *shape.columns))
    return [replace(one, cells=(told(one.about), *one.cells)) for one in entries], shape


def _marks(held: Resolved, org: OrgUnit, month: Month, viewer: Viewer) -> tuple[str, ...]:
    """What has to be told of the places that the ledger is about. The same number of queries for any number of them."""
    uses = {*held.ledger.uses, *(held.lines.uses if held.lines else ())}
    places = Place.objects.filter(org=org, use__in=uses)
    stops = Stop.objects.between(month.first, month.last).filter(place__in=places).select_related("place")
    said = [_stopped(stop) for stop in stops.order_by("since")]
    if month.first <= viewer.today <= month.last:
        rows = marked(places, viewer.today)
        said += [f"{row}\uff1a{mark}" for row in rows for mark in marks_of(row) if mark.code != STOPPED.code]
    return tuple(said)


def _stopped(stop: Stop) -> str:
    told = {"place": stop.place, "since": formats.day(stop.since), "reason": stop.reason}
    if stop.released_at is None:
        return _("%(place)s: stopped since %(since)s, %(reason)s") % told
    told["until"] = formats.day(stop.released_at)
    return _("%(place)s: stopped %(since)s – %(until)s, %(reason)s") % told


def when(one: Readable) -> tuple[date, int, Any, int]:
    """The order in which entries are read: day by day, breakfast before lunch."""
    return one.day, _SLOT_ORDER.get(one.slot, len(_SLOT_ORDER)), one.at, one.entry.pk


def _in_order(entries: Sequence[Readable]) -> Iterator[Readable]:
    """Each entry followed by what amends it."""
    later = {one.entry.amends: one for one in entries if one.entry.amends}
    for one in sorted(entries, key=when):
        if one.entry.amends:
            continue
        here: Readable | None = one
        while here is not None:
            yield here
            here = later.get(here.entry.public_id)


def _unwritten(org: OrgUnit, code: str, month: Month, viewer: Viewer) -> list[tuple[date, Row, str]]:
    """Duties of the month that have no entry: late ones, excused ones, those that rest for the sake of evidence."""
    rows = Duty.objects.visible_to(viewer).filter(org=org, rule=f"ledger:{code}", day__range=(month.first, month.last))
    found = []
    for duty in (
        rows.exclude(state=DutyState.DONE).select_related("about").order_by("day", "slot", "about__label", "pk")
    ):
        which = formats.listed([slot_of(duty.slot) if duty.slot else "", duty.about.label if duty.about else ""])
        if duty.state == DutyState.EXCUSED:
            found.append((duty.day, Row.EXCUSED, _named(which, _("excused: %(why)s") % {"why": duty.note or "—"})))
        elif duty.state == DutyState.SUSPENDED:
            found.append((duty.day, Row.EXCUSED, _named(which, _("suspended, so that evidence is kept"))))
        elif duty.due_at < viewer.now:
            found.append((duty.day, Row.MISSED, _named(which, _("not written"))))
    return found


def _named(which: str, words: str) -> str:
    return f"{which} · {words}" if which else words


# How the columns of one ledger stand on the sheet -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shape:
    """Which columns this month's entries fill."""

    columns: tuple[Column, ...]
    inner: tuple[Column, ...]
    about_lines: str
    has_slot: bool
    has_about: bool
    has_second: bool
    by_exception: bool

    def heads(self) -> tuple[Head, ...]:
        """The headings, from left to right."""
        found = [Head(_("Day"))]
        found += [Head(_("Which"))] if self.has_slot else []
        found += [Head(_("Where"))] if self.has_about else []
        found += [_head(column) for column in self.columns]
        found += [Head(self.about_lines, is_wide=True)] if self.about_lines else []
        found += [_head(column) for column in self.inner]
        found += [Head(_("Remark"), is_wide=True), Head(_("Written by"))]
        found += [Head(_("Countersigned"))] if self.has_second else []
        return (*found, Head(_("Time")), Head(_("Seal"), is_number=True))

    def rows(self, one: Readable, seal: int | None) -> Iterator[SheetRow]:
        """The rows of one entry: a row, or one for each of its lines."""
        lines: Sequence[Line | None] = _gathered(one.lines, self.by_exception) or [None]
        for number, line in enumerate(lines):
            boxes = (*self._head(one, number == 0), *self._line(line), *self._foot(one, line, number == 0, seal))
            yield SheetRow(Row.ENTRY, one.day, boxes, one.is_amended, number == 0)

    def _head(self, one: Readable, is_first: bool) -> Iterator[Box]:
        yield Box(formats.day(one.day) if is_first else "")
        if self.has_slot:
            yield Box(slot_of(one.slot) if is_first and one.slot else "")
        if self.has_about:
            yield Box(one.about if is_first else "")
        cells = {cell.code: cell for cell in one.cells}
        for column in self.columns:
            yield _box(column, cells.get(column.code)) if is_first else Box()

    def _line(self, line: Line | None) -> Iterator[Box]:
        if self.about_lines:
            yield Box(line.label if line else "")
        cells = {cell.code: cell for cell in line.cells} if line else {}
        for column in self.inner:
            yield _box(column, cells.get(column.code))

    def _foot(self, one: Readable, line: Line | None, is_first: bool, seal: int | None) -> Iterator[Box]:
        said = [*(_said(one) if is_first else []), line.remark if line else ""]
        yield Box(formats.listed(said))
        yield Box(one.who if is_first else "")
        if self.has_second:
            yield Box(one.second if is_first else "")
        yield Box(formats.clock(one.at) if is_first else "")
        yield Box(str(seal), Decimal(seal)) if is_first and seal else Box()


def _shape(held: Resolved, entries: Sequence[Readable]) -> _Shape:
    """The columns of the definition, and those that older entries of the month still have."""
    chosen = held.ledger.print.columns
    columns = _known(held.columns, [one.resolved.columns for one in entries])
    inner = _known(
        held.lines.columns if held.lines else (), [one.resolved.lines.columns for one in entries if one.resolved.lines]
    )
    lines = held.lines or next((one.resolved.lines for one in entries if one.resolved.lines), None)
    title = "" if lines is None else lines.zh if language().startswith("zh") else lines.en
    return _Shape(
        tuple(column for column in columns if not chosen or column.code in chosen), tuple(inner), title,
        has_slot=any(one.slot for one in entries), has_about=any(one.about for one in entries),
        has_second=held.ledger.countersign or any(one.second for one in entries),
        by_exception=lines is not None and lines.by_exception and lines.of != "staff",
    )  # fmt: skip


def _known(now: Iterable[Column], before: Iterable[Iterable[Column]]) -> list[Column]:
    found = {column.code: column for column in now}
    for columns in before:
        for column in columns:
            found.setdefault(column.code, column)
    return list(found.values())


def _head(column: Column) -> Head:
    unit = unit_of(column) if column.is_measured else ""
    label = column.title(language())
    return Head(f"{label} ({unit})" if unit else label, column.is_measured, column.kind in ("text", "long", "choices"))


def _box(column: Column, cell: Cell | None) -> Box:
    if cell is None or cell.words == formats.NOTHING:
        return Box()
    if column.is_measured and isinstance(cell.value, int):
        known = figure(column, cell.value)
        return Box(formats.number(known, 3), known, cell.is_out)
    return Box(cell.words, None, cell.is_out)


def _said(one: Readable) -> list[str]:
    """What has to be told about an entry besides its values."""
    entry = one.entry
    return [
        _("nothing to report") if entry.nothing_to_report else "",
        one.remark,
        _("amends the entry above: %(why)s") % {"why": entry.why} if entry.amends else "",
        _("written late: %(why)s") % {"why": entry.late_because} if entry.late_because else "",
        _("from paper") if entry.from_paper else "",
        _("amended, see below") if one.is_amended else "",
    ]


def _gathered(lines: Sequence[Line], by_exception: bool) -> list[Line]:
    """Of a list filled in by exception those that say the same as one row; each exception for itself."""
    if not by_exception:
        return list(lines)
    alike: dict[tuple[Any, ...], list[Line]] = defaultdict(list)
    for line in lines:
        own = (line.label,) if line.is_out or line.remark else ()
        alike[(*own, *(cell.words for cell in line.cells))].append(line)
    return [_together(group) for group in alike.values()]


def _together(group: Sequence[Line]) -> Line:
    names = formats.listed(line.label for line in group[:NAMED])
    if len(group) > NAMED:
        names = _("%(names)s and %(count)s more") % {"names": names, "count": len(group) - NAMED}
    return Line(names, group[0].cells, group[0].remark)
