"""Deeds on the tree: open, rename, close, merge, split, and a school's facts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.orgs.models import LEVELS, MOST_CHILDREN, STEP, Kind, OrgUnit, SchoolFacts, Succession
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer, subtree
from houqin.lib.codes import read_school_code

CHILDREN_OF: dict[str, frozenset[str]] = {
    Kind.PROVINCE: frozenset({Kind.CITY, Kind.SCHOOL}),
    Kind.CITY: frozenset({Kind.DISTRICT, Kind.SCHOOL}),
    Kind.DISTRICT: frozenset({Kind.TOWN, Kind.SCHOOL}),
    Kind.TOWN: frozenset({Kind.SCHOOL}),
    Kind.SCHOOL: frozenset({Kind.CAMPUS, Kind.CANTEEN, Kind.DORMITORY, Kind.FLEET}),
    Kind.CAMPUS: frozenset({Kind.CANTEEN, Kind.DORMITORY, Kind.FLEET}),
}

titled(
    {
        "orgs.unit_opened": _("Unit opened"),
        "orgs.unit_renamed": _("Unit renamed"),
        "orgs.unit_closed": _("Unit closed"),
        "orgs.units_merged": _("Units merged"),
        "orgs.unit_split": _("Unit split"),
        "orgs.facts_recorded": _("School facts recorded"),
    }
)


def _next_path(parent: OrgUnit | None) -> str:
    """The next free path under a parent; called with the parent locked, so that two callers never get one path."""
    siblings = OrgUnit.objects.filter(parent=parent)
    last = siblings.aggregate(last=Max("path"))["last"]
    prefix = parent.path if parent else ""
    number = int(last[-STEP:]) + 1 if last else 1
    if number > MOST_CHILDREN:
        raise Refused(_("There is no room for more units here: 9,998 at most under one office."))
    return f"{prefix}{number:0{STEP}d}"


def _locked(unit: OrgUnit) -> OrgUnit:
    row: OrgUnit = OrgUnit.objects.select_for_update().get(pk=unit.pk)
    return row


def _check_code(kind: str, code: str) -> None:
    if not code or kind != Kind.SCHOOL:
        return
    try:
        read_school_code(code)
    except ValueError as error:
        reasons = {
            "length": gettext("A school code has 10 digits; this one does not."),
            "type": gettext("The first two digits of the school code name no kind of school."),
            "province": gettext("The third and fourth digit of the school code name no province."),
        }
        raise Refused(reasons[str(error)], field="code") from error


def _open(
    parent: OrgUnit | None, *, kind: str, name: str, code: str, opened_on: date, by: Viewer, is_demo: bool
) -> OrgUnit:
    if parent:
        parent = OrgUnit.objects.select_for_update().get(pk=parent.pk)
        if not parent.is_open:
            raise Refused(_("The unit above has been closed. Choose the one that went on in its place."))
        if kind not in CHILDREN_OF.get(parent.kind, frozenset()):
            raise Refused(_("A unit of this kind cannot stand under that one."), field="kind")
    elif kind != Kind.PROVINCE:
        raise Refused(_("Only a province stands at the top. Choose the unit above."), field="parent")
    _check_code(kind, code)
    if OrgUnit.objects.filter(parent=parent, name=name, closed_on__isnull=True).exists():
        raise Refused(_("A unit of this name already exists there."), field="name")
    if code and OrgUnit.objects.filter(code=code, closed_on__isnull=True).exists():
        raise Refused(_("Another unit already has this code."), field="code")
    unit = OrgUnit(
        parent=parent,
        kind=kind,
        name=name,
        code=code,
        opened_on=opened_on,
        path=_next_path(parent),
        is_demo=is_demo or bool(parent and parent.is_demo),
    )
    unit.full_clean()
    unit.save()
    record("orgs.unit_opened", unit, by=by, org=unit, kind=kind, code=code)
    return unit


@verb
def open_unit(
    parent: OrgUnit | None,
    *,
    by: Viewer,
    kind: str,
    name: str,
    code: str = "",
    opened_on: date | None = None,
    is_demo: bool = False,
) -> OrgUnit:
    """Open a unit under another one (only the system opens a province)."""
    if parent:
        require(by, "orgs.change", at=parent)
    elif not by.is_system:
        raise Refused(_("A province is set up by the operator on the command line."))
    return _open(parent, kind=kind, name=name, code=code, opened_on=opened_on or by.today, by=by, is_demo=is_demo)


@verb
def ensure_path(path: str, *, by: Viewer, is_demo: bool = False) -> OrgUnit:
    """The unit at "province/city/district/town[/school]", opening what is missing on the way."""
    names = [part.strip() for part in path.split("/") if part.strip()]
    if not names or len(names) > len(LEVELS):
        raise Refused(_("Write the path as province/city/district/town, at most five levels."))
    unit: OrgUnit | None = None
    for kind, name in zip(LEVELS, names, strict=False):
        found = OrgUnit.objects.filter(parent=unit, name=name, closed_on__isnull=True).first()
        if found is None:
            if unit:
                require(by, "orgs.change", at=unit)
            elif not by.is_system:
                raise Refused(_("A province is set up by the operator on the command line."))
            found = _open(unit, kind=kind, name=name, code="", opened_on=date(2000, 1, 1), by=by, is_demo=is_demo)
        unit = found
    assert unit is not None
    return unit


@verb
def rename_unit(unit: OrgUnit, *, by: Viewer, name: str, code: str | None = None) -> OrgUnit:
    """Give a unit its new name or code; the old one stays in its story."""
    require(by, "orgs.change", at=unit)
    unit = _locked(unit)
    code = unit.code if code is None else code
    if (unit.name, unit.code) == (name, code):
        return unit
    _check_code(unit.kind, code)
    same = OrgUnit.objects.filter(closed_on__isnull=True).exclude(pk=unit.pk)
    if same.filter(parent=unit.parent, name=name).exists():
        raise Refused(_("A unit of this name already exists there."), field="name")
    if code and same.filter(code=code).exists():
        raise Refused(_("Another unit already has this code."), field="code")
    before = {"name": unit.name, "code": unit.code}
    unit.name, unit.code = name, code
    unit.full_clean()
    unit.save(update_fields=["name", "code"])
    record("orgs.unit_renamed", unit, by=by, org=unit, before=before, after={"name": name, "code": code})
    return unit


def _close(unit: OrgUnit, on: date) -> None:
    low, high = subtree(unit.path)
    OrgUnit.objects.filter(path__gte=low, path__lt=high, closed_on__isnull=True).update(closed_on=on)


@verb
def close_unit(unit: OrgUnit, *, by: Viewer, on: date, reason: str) -> OrgUnit:
    """Close a unit and what hangs below it. Its records stay readable."""
    require(by, "orgs.change", at=unit)
    unit = _locked(unit)
    if not unit.is_open:
        raise Refused(_("This unit is closed already."))
    if on < unit.opened_on:
        raise Refused(_("A unit cannot be closed before it was opened."), field="on")
    if unit.kind != Kind.SCHOOL and unit.children.schools().filter(closed_on__isnull=True).exists():
        raise Refused(_("Schools are still open here. Close or move them first."))
    _close(unit, on)
    unit.refresh_from_db()
    record("orgs.unit_closed", unit, by=by, org=unit, on=on, reason=reason)
    return unit


@verb
def merge_units(units: Sequence[OrgUnit], *, by: Viewer, into: OrgUnit, on: date, reason: str) -> OrgUnit:
    """Merge schools into one that goes on: the others close, their history stays and is found from it."""
    rows = {
        row.pk: row
        for row in OrgUnit.objects.select_for_update()
        .filter(pk__in=[into.pk, *(unit.pk for unit in units)])
        .order_by("pk")
    }
    target: OrgUnit = rows.pop(into.pk)
    for row in [target, *rows.values()]:
        require(by, "orgs.change", at=row)
        if not row.is_open:
            raise Refused(_("%(unit)s is closed already.") % {"unit": row})
        if row.kind != target.kind:
            raise Refused(_("Only units of one kind can be merged."))
        if on < row.opened_on:
            raise Refused(_("A unit cannot be closed before it was opened."), field="on")
    if not rows:
        raise Refused(_("Choose at least one other unit to merge."))
    for row in rows.values():
        _close(row, on)
        Succession.objects.create(before=row, after=target, how=Succession.How.MERGED, on=on, reason=reason)
    record(
        "orgs.units_merged",
        target,
        by=by,
        org=target,
        on=on,
        reason=reason,
        merged=[row.name for row in rows.values()],
    )
    return target


@verb
def split_unit(
    unit: OrgUnit, *, by: Viewer, names: Sequence[str], on: date, reason: str, close: bool = False
) -> list[OrgUnit]:
    """Split new schools off a school; with ``close`` the old one ends."""
    require(by, "orgs.change", at=unit.parent or unit)
    unit = _locked(unit)
    wanted = [name.strip() for name in names if name.strip()]
    if not unit.is_open:
        raise Refused(_("This unit is closed already."))
    if not wanted:
        raise Refused(_("Write the name of at least one new unit."), field="names")
    made = []
    for name in wanted:
        new = _open(unit.parent, kind=unit.kind, name=name, code="", opened_on=on, by=by, is_demo=unit.is_demo)
        Succession.objects.create(before=unit, after=new, how=Succession.How.SPLIT, on=on, reason=reason)
        made.append(new)
    if close:
        _close(unit, on)
        unit.refresh_from_db()
    record("orgs.unit_split", unit, by=by, org=unit, on=on, reason=reason, new=wanted, closed=close)
    return made


@verb
def record_school_facts(org: OrgUnit, *, by: Viewer, valid_from: date, **facts: Any) -> SchoolFacts:
    """Record what is true of a school from a day on; the same facts again change nothing."""
    require(by, "orgs.record_facts", at=org)
    if org.kind != Kind.SCHOOL:
        raise Refused(_("Only a school has these facts."))
    earlier = SchoolFacts.objects.filter(org=org, valid_from__lte=valid_from)
    known: SchoolFacts | None = earlier.order_by("-valid_from").first()
    if known and not known.differs_from(facts):
        return known
    if known and known.valid_from == valid_from:
        row = known
        before = {name: getattr(row, name) for name in facts}
        for name, value in facts.items():
            setattr(row, name, value)
    else:
        carried = {
            field.attname: getattr(known, field.attname)
            for field in SchoolFacts._meta.concrete_fields
            if known and field.attname not in {"id", "org_id", "valid_from"}
        }
        row, before = SchoolFacts(org=org, valid_from=valid_from, **(carried | facts)), {}
    if row.boarders > row.enrolment:
        raise Refused(_("There cannot be more boarders than pupils."), field="boarders")
    row.full_clean()
    row.save()
    record("orgs.facts_recorded", org, by=by, org=org, valid_from=valid_from, before=before, after=facts)
    emit("orgs.facts_recorded", by=by, org=org, valid_from=valid_from)
    return row
