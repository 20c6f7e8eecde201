"""What is being written: a ledger at a unit on a day, with its lines and all that stands in it already."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.people.posts import staff_of
from houqin.core.places.marks import Mark, marks_at
from houqin.core.places.models import Place
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers import doing, prefills
from houqin.flows.ledgers.bodies import personal_codes, stored
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import Resolved
from houqin.flows.ledgers.forms import fields
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.reading import SEE_NAMES
from houqin.flows.ledgers.rules.judging import LINE
from houqin.flows.ledgers.words import language
from houqin.ui.masks import mask_name

MOST_CHOSEN = 200


@dataclass(frozen=True)
class Line:
    """One line of the list: the place, person, dish or class that it is about, and what stands there already.

    ``settled`` are the columns that it says by itself: what a place is used for. ``marks``: why the place is not to be used.
    ``shown`` stands in place of a name that is not for the eyes of whoever amends, ``carried`` are such values.
    """

    id: str
    name: str
    given: Mapping[str, Any] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    marks: Sequence[Mark] = ()
    shown: str = ""
    carried: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What it is called on the page."""
        return self.shown or self.name

    @property
    def key(self) -> str:
        """Names its fields: the same however the list is ordered or changed, so that a draft finds its line again."""
        return hashlib.sha256((self.id or self.name).encode()).hexdigest()[:12]

    @property
    def sent(self) -> str:
        """What the page sends back of it."""
        return f"{self.key if self.shown else self.id}|{self.title}"


@dataclass(frozen=True)
class Sheet:
    """The ledger as it stands before somebody types.

    ``spread``: the ledger has a duty at each of several places and no list; then the form asks its columns for each of
    them, and each becomes an entry of its own. ``place`` is the one place it is about, none: the unit or all of them.
    With ``usual`` a line that is added begins. ``marks`` are those of its place: what is checked there is a fact all the same.
    ``carried`` values are not for the eyes of whoever amends.
    """

    resolved: Resolved
    org: OrgUnit
    day: date
    slot: str = ""
    place: Place | None = None
    lines: tuple[Line, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, fields.People] = field(default_factory=dict)
    spread: bool = False
    usual: Mapping[str, Any] = field(default_factory=dict)
    is_past: bool = False
    is_amended: bool = False
    marks: Sequence[Mark] = ()
    carried: Mapping[str, Any] = field(default_factory=dict)

    @property
    def head_columns(self) -> tuple[Column, ...]:
        """The columns asked once."""
        return () if self.spread else self.resolved.columns

    @property
    def line_columns(self) -> tuple[Column, ...]:
        """The columns asked for each line."""
        if self.spread:
            return self.resolved.columns
        return tuple(self.resolved.lines.columns) if self.resolved.lines else ()

    @property
    def has_lines(self) -> bool:
        """Whether there is a list at all."""
        return self.spread or self.resolved.lines is not None

    @property
    def by_exception(self) -> bool:
        """Whether only what is not in order is written about."""
        return self.resolved.lines is not None and self.resolved.lines.by_exception

    @property
    def is_free(self) -> bool:
        """Whether lines are added as they come."""
        lines = self.resolved.lines
        return lines is not None and (lines.of == "free" or (lines.of == "dishes" and not self.lines))

    @property
    def names_lines(self) -> bool:
        """Whether a line that is added gets a name of its own: a dish that no menu knew."""
        return self.is_free and self.resolved.lines is not None and self.resolved.lines.of == "dishes"

    @property
    def list_title(self) -> str:
        """What the list is called."""
        lines = self.resolved.lines
        if lines is None:
            return gettext("Each place")
        return lines.zh if language().startswith("zh") else lines.en

    @property
    def may_leave_lines(self) -> bool:
        """Whether a line may stay blank without a word: each place has a duty of its own, which then stays open."""
        return self.is_free or self.spread or bool(self.resolved.ledger.uses)

    @property
    def title(self) -> str:
        """The name of the ledger."""
        return self.resolved.ledger.title(language())

    @property
    def about_subject(self) -> Any:
        """The place as the ledger's verb takes it."""
        return self.place.subject if self.place else None

    def of_lines(self, sent: Iterable[str]) -> tuple[Line, ...]:
        """The lines that a page sent back, with their names as they are; NotVisible for one of another school."""
        pairs = [tuple(text.partition("|")[::2]) for text in sent]
        known = {line.key if line.shown else line.id: line for line in self.lines if line.id or line.shown}
        unknown = {one for one, _name in pairs if one and one not in known}
        if unknown:
            known |= {one: Line(one, name) for one, name in self._named(unknown).items()}
        if any(one and one not in known for one, _name in pairs):
            raise NotVisible(_("Something in this list belongs to another school. Open the ledger anew."))
        return tuple(known[one] if one else Line("", name[:60]) for one, name in pairs)

    def _named(self, ids: set[str]) -> dict[str, str]:
        try:
            wanted = [UUID(one) for one in ids]
        except ValueError as wrong:
            raise NotVisible(_("Something in this list belongs to another school. Open the ledger anew.")) from wrong
        of_staff = self.resolved.lines is not None and self.resolved.lines.of == "staff"
        model: Any = Person if of_staff else Place
        rows = model.objects.filter(org=self.org, public_id__in=wanted).values_list("public_id", "name")
        return {str(one): name for one, name in rows}


def sheet_for(
    resolved: Resolved, org: OrgUnit, by: Viewer, *, day: date, slot: str = "", place: Place | None = None
) -> Sheet:
    """The sheet of a ledger, filled with what is usual. The same number of queries however many lines it has."""
    if day > by.today:
        raise Refused(_("This day has not come yet. A ledger is written when the thing is done."))
    if not doing.concerns(resolved, place):
        raise Refused(
            _("%(ledger)s is not kept at %(place)s. Scan the label of the right place, or open the ledger from Today.")
            % {"ledger": resolved.ledger.title(language()), "place": place}
        )
    last = doing.last_written(org, resolved.code, place)
    lines, spread = _lines(resolved, org, by, day, slot, place, last)
    given = {column.code: _usual(column, org, by, day, slot, last.values) for column in resolved.columns}
    if spread and len(lines) == 1:
        place = Place.objects.select_related("subject").get(org=org, public_id=lines[0].id)
        lines, spread = [], False
    marks = (
        _marks(resolved, place, lines, by) if spread or resolved.lines is None or resolved.lines.of == "places" else {}
    )
    return Sheet(
        resolved, org, day, slot, place, tuple(replace(line, marks=marks.get(line.id, ())) for line in lines),
        _without_gaps(given), people_of(resolved, org), spread, _usual_line(resolved, org, by, day, slot, last),
        is_past=day < by.today, marks=marks.get(str(place.public_id), ()) if place else (),
    )  # fmt: skip


def _marks(resolved: Resolved, place: Place | None, lines: Sequence[Line], by: Viewer) -> dict[str, list[Mark]]:
    """Why the place and those of the list are not to be used now, by their public ids."""
    return marks_at([*(line.id for line in lines), *([str(place.public_id)] if place else [])], by.today)


def _lines(
    resolved: Resolved, org: OrgUnit, by: Viewer, day: date, slot: str, place: Place | None, last: doing.Last
) -> tuple[list[Line], bool]:
    """The lines, and whether they are places of which each becomes an entry."""
    if resolved.lines is None:
        if place is not None or not resolved.ledger.uses:
            return [], False
        found = doing.due_places(resolved, org, day, slot)
        given = {column.code: _usual(column, org, by, day, slot, {}) for column in resolved.columns}
        return [Line(str(one.public_id), one.name, _without_gaps(given)) for one in found], True
    made = prefills.lines_for(resolved, org, by, day, slot)
    if resolved.lines.of == "places":
        made = doing.narrowed(made, resolved, org, day, slot, place)
    usual = {column.code: _usual(column, org, by, day, slot, {}) for column in resolved.lines.columns}
    return [_line(one, usual, resolved.lines.columns, last) for one in made], False


def _line(made: dict[str, Any], usual: Mapping[str, Any], columns: Sequence[Column], last: doing.Last) -> Line:
    one, name = made.pop("id", ""), made.pop("name")
    before = last.lines.get(one or name, {})
    repeated = {column.code: before.get(column.code) for column in columns if _repeats(column)}
    given = {**usual, **_without_gaps(repeated), **made}
    settled = {column.code for column in columns if column.kind == "choice" and column.code in made}
    return Line(one, name, _without_gaps(given), frozenset(settled))


def _usual_line(resolved: Resolved, org: OrgUnit, by: Viewer, day: date, slot: str, last: doing.Last) -> dict[str, Any]:
    """With what a line begins that is added as things come."""
    if resolved.lines is None or resolved.lines.of != "free":
        return {}
    before = list(last.lines.values())[-1] if last.lines else {}
    return _without_gaps({one.code: _usual(one, org, by, day, slot, before) for one in resolved.lines.columns})


def _without_gaps(given: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value for code, value in given.items() if value is not None}


def _repeats(column: Column) -> bool:
    return column.prefill == "last" and not column.is_measured


def _usual(column: Column, org: OrgUnit, by: Viewer, day: date, slot: str, last: Mapping[str, Any]) -> Any:
    """With what a column begins: what the system knows, the same as last time, a fixed value. Never a reading."""
    match column.prefill:
        case "":
            return fields.written(column, column.default)
        case "last":
            value = last.get(column.code) if _repeats(column) else None
            return value if value is not None else fields.written(column, column.default)
        case "now":
            return _now(column, by) if day == by.today else None
        case source:
            value = prefills.prefilled(source, org, by, day, slot)
            return value if value is not None else fields.written(column, column.default)


def _now(column: Column, by: Viewer) -> str | None:
    here = timezone.localtime(by.moment)
    told = {"clock": here.strftime("%H:%M"), "day": here.date().isoformat(), "moment": by.moment.isoformat()}
    return told.get(column.kind)


def people_of(resolved: Resolved, org: OrgUnit) -> dict[str, fields.People]:
    """Whom and which places columns offer: staff of the unit, who holds the ledger's post first, and its places in use."""
    columns = [*resolved.columns, *(resolved.lines.columns if resolved.lines else ())]
    kinds = {column.kind for column in columns}
    found: dict[str, fields.People] = {}
    if "person" in kinds:
        of_post = staff_of(org, {resolved.ledger.post}, timezone.localdate())
        others = Person.objects.filter(org=org, left_on__isnull=True).exclude(pk__in=[one.pk for one in of_post])
        staff = [*of_post, *others.order_by("name", "pk")][:MOST_CHOSEN]
        found["person"] = {str(one.public_id): one.name for one in staff}
    if "place" in kinds:
        rows = Place.objects.in_use().filter(org=org).order_by("name", "pk")
        uses = resolved.ledger.uses or (resolved.lines.uses if resolved.lines else [])
        rows = rows.filter(use__in=uses) if uses and rows.filter(use__in=uses).exists() else rows
        found["place"] = {str(one.public_id): one.name for one in rows[:MOST_CHOSEN]}
    return found


def amended_sheet(entry: LedgerEntry, resolved: Resolved, by: Viewer) -> Sheet:
    """The sheet of an entry that is put right: what was written stands in it; what is not for this reader's eyes is carried over."""
    values, told = stored(entry)
    is_open = entry.account_id == by.account_id or by.may(SEE_NAMES, entry.org.path)
    of_head, of_lines = (
        frozenset() if is_open else personal_codes(resolved, of_lines=inner) for inner in (False, True)
    )
    place = Place.objects.filter(subject=entry.about_id).first() if entry.about_id else None
    columns = resolved.lines.columns if resolved.lines else []
    lines = []
    for said in told:
        about = said.get("line") or {}
        settled = {column.code for column in columns if column.code == "use" and column.code in said}
        name = about.get("name", "")
        shown = mask_name(name) if LINE in of_lines else ""
        lines.append(
            Line(about.get("id", ""), name, said, frozenset(settled), shown=shown, carried=_carried(said, of_lines))
        )
    return Sheet(
        resolved, entry.org, entry.day, entry.slot, place, tuple(lines), values, people_of(resolved, entry.org),
        is_amended=True, carried=_carried(values, of_head),
    )  # fmt: skip


def _carried(said: Mapping[str, Any], codes: frozenset[str]) -> dict[str, Any]:
    return {code: value for code, value in said.items() if code in codes - {LINE} and value is not None}
