"""A school reads a notice, fills in its table once, and may take the answer back while nobody has taken it over."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.known import Value, known_values
from houqin.flows.collect.models import Cell, CollectionColumn, Return
from houqin.flows.collect.rules import fits
from houqin.flows.collect.telling import tell_time_asked
from houqin.flows.collect.values import in_words, into_cell, of_cell
from houqin.ui import formats

MOST_LINES = 200
State = Return.State
Line = Mapping[int, Value | None]
titled({
    "collect.read": _("Notice read"), "collect.answered": _("Table filled in and sent"),
    "collect.withdrawn": _("Answer taken back"), "collect.time_asked": _("More time asked for"),
})  # fmt: skip


def hold_return(row: Return, by: Viewer, permission: str) -> Return:
    """What a school was asked, as it stands now, with its notice."""
    rows = Return.objects.select_for_update(of=("self",))
    joined = rows.select_related("org", "collection", "collection__org", "answered_by", "taken_by")
    held: Return = joined.get(pk=row.pk)
    require(by, permission, at=held.org)
    return held


def refuse_closed(row: Return) -> None:
    """Nobody answers a notice that its office has closed."""
    if not row.collection.is_open:
        raise Refused(_("%(unit)s has closed this notice: nothing more is to be sent.") % {"unit": row.collection.org})


@verb
def acknowledge_notice(row: Return, *, by: Viewer) -> Return:
    """Say for the school that the notice has been read. A second time changes nothing."""
    row = hold_return(row, by, "collect.answer")
    if row.state != State.NEW:
        return row
    row.state, row.read_at, row.read_by_id = State.READ, by.moment, by.account_id
    row.save(update_fields=["state", "read_at", "read_by"])
    record("collect.read", row, by=by, org=row.org)
    return row


@verb
def answer_notice(row: Return, *, by: Viewer, lines: Sequence[Line], late_because: str = "") -> Return:
    """Send the school's table: for each line the value of each column by its id. The same content again changes nothing."""
    row = hold_return(row, by, "collect.answer")
    columns = list(row.collection.columns.all())
    cells = _cells(row, columns, lines, by)
    before = _told(row.cells.all(), columns)
    after = _told(cells, columns)
    if row.is_answered and before == after:
        return row
    refuse_closed(row)
    if row.state == State.TAKEN:
        raise Refused(
            _("%(unit)s has taken the answer over. Ask it to send the table back.") % {"unit": row.collection.org}
        )
    if row.state == State.SENT:
        raise Refused(
            _("%(name)s sent this table for the school at %(at)s. Take that answer back first if it is wrong.")
            % {"name": row.answered_by, "at": formats.instant(row.answered_at)}
        )
    row.cells.all().delete()
    Cell.objects.bulk_create(cells)
    if row.read_at is None:
        row.read_at, row.read_by_id = by.moment, by.account_id
    row.state, row.answered_at, row.answered_on, row.answered_by_id = State.SENT, by.moment, by.today, by.account_id
    row.late_because = late_because.strip()[:200] if by.today > row.due_on else ""
    row.more_state = Return.More.NONE if row.more_state == Return.More.ASKED else row.more_state
    row.save()
    record(
        "collect.answered", row, by=by, org=row.org, lines=after, before=before, is_late=row.is_late,
        late_because=row.late_because,
    )  # fmt: skip
    return row


@verb
def withdraw_answer(row: Return, *, by: Viewer) -> Return:
    """Take the school's answer back to put it right: until it is due, while the office has not taken it over."""
    row = hold_return(row, by, "collect.answer")
    refuse_closed(row)
    if row.state == State.TAKEN:
        raise Refused(
            _("%(unit)s has taken the answer over. Ask it to send the table back.") % {"unit": row.collection.org}
        )
    if row.state != State.SENT:
        raise Refused(_("Nothing has been sent that could be taken back."))
    if by.today > row.due_on:
        raise Refused(
            _("It was due on %(day)s. Ask the office to send the table back.") % {"day": formats.day(row.due_on)}
        )
    row.state, row.answered_at, row.answered_on, row.answered_by = State.READ, None, None, None
    row.late_because = ""
    row.save()
    record("collect.withdrawn", row, by=by, org=row.org)
    return row


@verb
def ask_for_time(row: Return, *, by: Viewer, until: date, why: str) -> Return:
    """A school in trouble asks for more time, with the reason; the office decides."""
    row = hold_return(row, by, "collect.answer")
    refuse_closed(row)
    if row.is_answered:
        raise Refused(_("The table has been sent already."))
    if until <= max(row.due_on, by.today):
        raise Refused(_("Name a day after %(day)s.") % {"day": formats.day(max(row.due_on, by.today))}, field="until")
    if not why.strip():
        raise Refused(_("Say why more time is needed: the office decides on it."), field="why")
    if row.more_state == Return.More.ASKED and (row.more_until, row.more_because) == (until, why.strip()):
        return row
    row.more_state, row.more_until, row.more_because, row.more_words = Return.More.ASKED, until, why.strip(), ""
    row.full_clean(exclude=["collection", "org"])
    row.save()
    tell_time_asked(row, by=by)
    record("collect.time_asked", row, by=by, org=row.org, until=until, reason=why.strip())
    return row


def _cells(row: Return, columns: Sequence[CollectionColumn], lines: Sequence[Line], by: Viewer) -> list[Cell]:
    """The cells of the answer; refused in words where a value is missing or is not what the column holds."""
    if not lines:
        raise Refused(_("Fill in at least one row."))
    if len(lines) > (MOST_LINES if row.collection.several_rows else 1):
        raise Refused(
            _("This table takes fewer rows: %(most)s.") % {"most": MOST_LINES if row.collection.several_rows else 1}
        )
    codes = {column.known for column in columns if column.known}
    known = known_values(codes, [row.org], by.today) if codes else {}
    cells = []
    for number, line in enumerate(lines):
        for column in columns:
            value = line.get(column.pk)
            if value is None or value == "":
                _refuse_missing(row, column, number)
                continue
            if not fits(column.kind, value, choices=column.choices):
                raise Refused(
                    _("“%(label)s” does not take “%(value)s”: %(kind)s is asked for.")
                    % {"label": column.label, "value": str(value)[:40], "kind": column.get_kind_display()},
                    field=f"c{column.pk}",
                )
            same = bool(column.known) and known[column.known].get(row.org_id) == value
            cells.append(into_cell(Cell(of=row, column=column, line=number, as_known=same), column, value))
    return cells


def _refuse_missing(row: Return, column: CollectionColumn, number: int) -> None:
    if not column.needed:
        return
    words = _("“%(label)s” is empty. Write 0 or 无 where there is none.") % {"label": column.label}
    if row.collection.several_rows:
        words = _("Row %(number)s: %(words)s") % {"number": number + 1, "words": words}
    raise Refused(words, field=f"c{column.pk}")


def _told(cells: Any, columns: Sequence[CollectionColumn]) -> list[dict[str, str]]:
    """The answer as the trail keeps it: column name → words, line by line."""
    by_pk = {column.pk: column for column in columns}
    found: dict[int, dict[str, str]] = {}
    for cell in sorted(cells, key=lambda one: (one.line, by_pk[one.column_id].position)):
        column = by_pk[cell.column_id]
        found.setdefault(cell.line, {})[column.label] = in_words(column, of_cell(cell, column))
    return list(found.values())
