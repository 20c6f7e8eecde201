"""An office writes a notice with its table and chooses the schools; nothing leaves the office yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.known import figure_called, figures
from houqin.flows.collect.models import Collection, CollectionColumn, Kind
from houqin.flows.collect.queries.schools import named, reachable
from houqin.lib.text import name_key

MOST_COLUMNS = 40
MOST_CHOICES = 30
titled({
    "collect.written": _("Notice written"), "collect.changed": _("Notice changed"),
    "collect.schools_chosen": _("Schools chosen"), "collect.discarded": _("Notice discarded"),
})  # fmt: skip


@dataclass(frozen=True)
class Col:
    """A column as an office writes it."""

    label: str
    kind: str = Kind.COUNT
    unit: str = ""
    decimals: int = 0
    choices: tuple[str, ...] = ()
    needed: bool = True
    known: str = ""


@verb
def write_notice(org: OrgUnit, *, by: Viewer, columns: Sequence[Col], **words: Any) -> Collection:
    """Begin a notice with its table. Columns that the system knows by name are filled in by it without being told."""
    require(by, "collect.send", at=org)
    if org.kind not in OFFICES:
        raise Refused(_("Tables are sent by offices. Choose the office that asks."), field="org")
    row = Collection(org=org, made_by_id=by.account_id, made_at=by.now, **_checked(words))
    row.full_clean()
    row.save()
    _write_columns(row, columns)
    record("collect.written", row, by=by, org=org, columns=[column.label for column in columns])
    return row


@verb
def change_notice(collection: Collection, *, by: Viewer, columns: Sequence[Col], **words: Any) -> Collection:
    """Change words and columns of a notice that has not been sent."""
    row = hold_draft(collection, by)
    row.amend(_checked(words))
    row.columns.all().delete()
    _write_columns(row, columns)
    record("collect.changed", row, by=by, org=row.org, columns=[column.label for column in columns])
    return row


@verb
def choose_schools(collection: Collection, *, by: Viewer, schools: Sequence[UUID]) -> Collection:
    """Say which schools are asked; only those below the office can be. The choice replaces the one before."""
    row = hold_draft(collection, by)
    wanted = set(schools)
    found = named(row, list(wanted))
    if len(found) != len(wanted):
        raise Refused(_("Some of these schools are closed or do not belong to %(unit)s.") % {"unit": row.org})
    if not found:
        raise Refused(_("Choose at least one school."))
    row.chosen.set(found)
    record("collect.schools_chosen", row, by=by, org=row.org, schools=len(found), of=reachable(row).count())
    return row


@verb
def discard_notice(collection: Collection, *, by: Viewer) -> None:
    """Throw a notice away that was never sent; the trail keeps that there was one."""
    row = hold_draft(collection, by)
    record("collect.discarded", row, by=by, org=row.org, title=row.title)
    row.delete()


def hold(collection: Collection, by: Viewer) -> Collection:
    """The notice as it is now, for its own office."""
    rows = Collection.objects.select_for_update(of=("self",)).select_related("org")
    row: Collection | None = rows.filter(pk=collection.pk).first()
    if row is None:
        raise Refused(_("This notice was discarded meanwhile."))
    require(by, "collect.send", at=row.org)
    return row


def hold_draft(collection: Collection, by: Viewer) -> Collection:
    """The notice as it is now, if nobody has sent it."""
    row = hold(collection, by)
    if not row.is_draft:
        raise Refused(_("This notice is out to schools and stays as they have it. Close it and send a corrected copy."))
    return row


def _checked(words: dict[str, Any]) -> dict[str, Any]:
    if "due_days" in words and not 1 <= words["due_days"] <= 180:
        raise Refused(_("Give schools between 1 and 180 days."), field="due_days")
    return words


def _write_columns(row: Collection, columns: Sequence[Col]) -> None:
    """Each checked in its own words; the whole table in one statement."""
    if not columns:
        raise Refused(_("A table has at least one column. Say what schools are to tell."))
    if len(columns) > MOST_COLUMNS:
        raise Refused(_("A table has at most %(most)s columns. Ask for what is needed.") % {"most": MOST_COLUMNS})
    seen: set[str] = set()
    made = []
    for position, column in enumerate(columns):
        key = name_key(column.label)[:60]
        if not key:
            raise Refused(_("A column has no name."))
        if key in seen:
            raise Refused(_("There are two columns “%(label)s”. Each is asked once.") % {"label": column.label})
        seen.add(key)
        one = _column(row, position, column)
        one.label_key = key
        one.full_clean(exclude=["collection"], validate_unique=False, validate_constraints=False)
        made.append(one)
    CollectionColumn.objects.bulk_create(made)


def _column(row: Collection, position: int, column: Col) -> CollectionColumn:
    if column.kind == Kind.CHOICE and not 2 <= len(set(column.choices)) <= MOST_CHOICES:
        raise Refused(
            _("“%(label)s”: name 2 to %(most)s answers to choose from, with commas between them.")
            % {"label": column.label, "most": MOST_CHOICES}
        )
    figure = figures().get(column.known) if column.known else None
    if column.known and figure is None:
        raise Refused(_("“%(label)s”: the system does not know such a figure.") % {"label": column.label})
    if figure is None and not row.several_rows:
        figure = figure_called(column.label, column.kind)
    if figure is not None and row.several_rows:
        raise Refused(
            _(
                "“%(label)s”: the system knows one value of a school. Leave it out of a table with several rows a school."
            )
            % {"label": column.label}
        )
    kind = figure.kind if figure else column.kind
    decimals = (2 if figure else column.decimals) if kind == Kind.NUMBER else 0
    return CollectionColumn(
        collection=row, position=position, label=column.label.strip(), kind=kind,
        unit=column.unit or (str(figure.unit) if figure else ""), decimals=decimals,
        choices=list(dict.fromkeys(column.choices)) if kind == Kind.CHOICE else [], needed=column.needed,
        known=figure.code if figure else "",
    )  # fmt: skip
