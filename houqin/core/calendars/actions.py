"""Setting terms and marking days, for a unit and all below it."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.calendars.days import day_infos
from houqin.core.calendars.models import DayKind, DayMark, Term
from houqin.core.calendars.rules import school_year
from houqin.core.events.bus import emit
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer

CHANGED = "calendars.changed"
LONGEST_TERM = timedelta(days=240)
MOST_MARKED = 62

titled(
    {
        "calendars.term_set": _("Term set"),
        "calendars.term_changed": _("Term changed"),
        "calendars.term_taken_back": _("Term taken back"),
        "calendars.days_marked": _("Days marked"),
        "calendars.days_unmarked": _("Marked days taken back"),
    }
)


@verb
def set_term(org: OrgUnit, *, by: Viewer, name: str, starts_on: date, ends_on: date) -> Term:
    """Set a term for a unit and all below it that set none of their own for the school year."""
    require(by, "calendars.change", at=org)
    org = _locked(org)
    row = Term(org=org, school_year=school_year(starts_on), name=name, starts_on=starts_on, ends_on=ends_on)
    _check(row)
    row.full_clean()
    row.save()
    record("calendars.term_set", row, by=by, org=org, starts_on=starts_on, ends_on=ends_on)
    emit(CHANGED, by=by, org=org)
    return row


@verb
def change_term(term: Term, *, by: Viewer, name: str, starts_on: date, ends_on: date) -> Term:
    """Give a term other days or another name."""
    require(by, "calendars.change", at=term.org)
    org = _locked(term.org)
    term = Term.objects.get(pk=term.pk)
    before = {"name": term.name, "starts_on": term.starts_on, "ends_on": term.ends_on}
    values = {"name": name, "starts_on": starts_on, "ends_on": ends_on}
    _check(Term(pk=term.pk, org=org, **values))
    if term.amend(values | {"school_year": school_year(starts_on)}):
        record("calendars.term_changed", term, by=by, org=org, before=before, after=values)
        emit(CHANGED, by=by, org=org)
    return term


@verb
def take_back_term(term: Term, *, by: Viewer, reason: str) -> None:
    """Take a term back: what the units above set holds again, or the national calendar alone."""
    require(by, "calendars.change", at=term.org)
    org = _locked(term.org)
    row = Term.objects.filter(pk=term.pk).first()
    if row is None:
        raise Refused(_("This term is taken back already."))
    days = {"starts_on": row.starts_on, "ends_on": row.ends_on}
    record("calendars.term_taken_back", row, by=by, org=org, reason=reason, **days)
    row.delete()
    emit(CHANGED, by=by, org=org)


@verb
def mark_days(
    org: OrgUnit, *, by: Viewer, kind: str, first: date, last: date | None = None, label: str = ""
) -> list[DayMark]:
    """Mark one day or several in a row for a unit and all below it; what was marked here before is replaced."""
    require(by, "calendars.change", at=org)
    org = _locked(org)
    last = last or first
    if last < first:
        raise Refused(_("The last day lies before the first. Swap them."), field="last")
    if (last - first).days >= MOST_MARKED:
        raise Refused(_("At most 62 days are marked at once. A vacation is the time between two terms."), field="last")
    if kind == DayKind.BOARDING_WEEKEND:
        _check_weekend(org, first, last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [DayMark(org=org, day=day, kind=kind, label=label) for day in days]
    DayMark.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["org", "day"], update_fields=["kind", "label"]
    )
    record("calendars.days_marked", org, by=by, org=org, kind=kind, first=first, last=last, label=label)
    emit(CHANGED, by=by, org=org)
    return list(DayMark.objects.filter(org=org, day__in=days).order_by("day"))


@verb
def unmark_days(org: OrgUnit, *, by: Viewer, first: date, last: date | None = None) -> int:
    """Take back what a unit marked: what the units above marked holds again, or the national calendar."""
    require(by, "calendars.change", at=org)
    org = _locked(org)
    last = last or first
    count, _tables = DayMark.objects.filter(org=org, day__range=(first, last)).delete()
    if not count:
        raise Refused(_("%(unit)s has marked none of these days: there is nothing to take back.") % {"unit": org})
    record("calendars.days_unmarked", org, by=by, org=org, first=first, last=last)
    emit(CHANGED, by=by, org=org)
    return count


def _locked(org: OrgUnit) -> OrgUnit:
    row: OrgUnit = OrgUnit.objects.select_for_update().get(pk=org.pk)
    if not row.is_open:
        raise Refused(_("This unit is closed. Its calendar stays as it was."))
    return row


def _check(term: Term) -> None:
    """A term has an end, the length of a term, and no other of its unit beside it."""
    if term.ends_on <= term.starts_on:
        raise Refused(_("The last day comes after the first. Look at the years."), field="ends_on")
    if term.ends_on - term.starts_on > LONGEST_TERM:
        days = (term.ends_on - term.starts_on).days
        raise Refused(
            _("A term of %(days)s days is too long. Look at the years, and set each term for itself.") % {"days": days},
            field="ends_on",
        )
    others = Term.objects.filter(org=term.org, starts_on__lte=term.ends_on, ends_on__gte=term.starts_on)
    other = others.exclude(pk=term.pk).first()
    if other is not None:
        raise Refused(
            _("It overlaps with %(term)s, %(first)s to %(last)s. Change that one first.")
            % {"term": other, "first": other.starts_on, "last": other.ends_on},
            field="starts_on",
        )


def _check_weekend(org: OrgUnit, first: date, last: date) -> None:
    """On a school day boarders are at school anyway; marked as a weekend, its lessons would be lost."""
    for one in day_infos(org, first, last):
        if one.is_school_day:
            raise Refused(
                _("%(day)s is a school day: boarders are there anyway. Mark only days without lessons.")
                % {"day": one.day},
                field="first",
            )
