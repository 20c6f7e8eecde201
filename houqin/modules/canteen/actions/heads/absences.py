"""Which pupils are away and until when, as far as the class teacher knows. Why is not asked further."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.people.models import ClassGroup, Pupil
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Absence, AbsenceKind

Missing = tuple[Pupil, str, date]  # who, why, the last day
LONGEST = timedelta(days=200)
_DAY = timedelta(days=1)
titled({"canteen.absences_recorded": _("Absences recorded"), "canteen.absence_ended": _("Back from absence")})


@verb
def record_absences(group: ClassGroup, *, by: Viewer, day: date, absent: Sequence[Missing]) -> list[Absence]:
    """Pupils of a class are away from a day to their last day; what was recorded of them for that day is taken as corrected."""
    require(by, "canteen.report_heads", at=group.org)
    group = hold_class(group)
    return write_absences(group, day, absent, by)


@verb
def end_absence(absence: Absence, *, by: Viewer, on: date) -> None:
    """A pupil is back on a day. Whoever is back on the first day was never away."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("org", "pupil").get(pk=absence.pk)
    require(by, "canteen.report_heads", at=absence.org)
    require(by, "people.view_pupil_names", at=absence.org)
    if on > absence.last_on:
        raise Refused(
            _("This absence ends on %(day)s anyway; nothing has to be done.") % {"day": absence.last_on.isoformat()},
            field="on",
        )
    _end([absence], on)
    record("canteen.absence_ended", absence.pupil.class_group, by=by, org=absence.org, on=on)


def hold_class(group: ClassGroup) -> ClassGroup:
    """The class, held until the deed is done: two who report for it at once come one after the other.

    Its key stays free, so that the kitchen, which holds the meal, may write a row of the class meanwhile.
    """
    rows = ClassGroup.objects.select_for_update(of=("self",), no_key=True)
    held: ClassGroup = rows.select_related("org").get(pk=group.pk)
    return held


def write_absences(
    group: ClassGroup, day: date, absent: Sequence[Missing], by: Viewer, *, all_of_them: bool = False
) -> list[Absence]:
    """Write who of a held class is away on a day; with ``all_of_them`` everybody else of the class is back on it."""
    require(by, "people.view_pupil_names", at=group.org)
    _check(group, day, absent)
    standing = Absence.objects.filter(
        org_id=group.org_id, pupil__class_group=group, first_on__lte=day, last_on__gte=day
    )
    known = {row.pupil_id: row for row in standing.order_by("pk")}
    new, changed = [], []
    for pupil, kind, until in absent:
        row = known.pop(pupil.pk, None)
        if row is None:
            new.append(
                Absence(
                    org_id=group.org_id, pupil=pupil, kind=kind, first_on=day, last_on=until, recorded_at=by.moment,
                    account_id=by.account_id,
                )
            )  # fmt: skip
        elif (row.kind, row.last_on) != (kind, until):
            row.kind, row.last_on, row.recorded_at, row.account_id = kind, until, by.moment, by.account_id
            changed.append(row)
    back = list(known.values()) if all_of_them else []
    Absence.objects.bulk_create(new)
    Absence.objects.bulk_update(changed, ["kind", "last_on", "recorded_at", "account"])
    _end(back, day)
    if new or changed or back:
        record(
            "canteen.absences_recorded", group, by=by, org=group.org, day=day, new=len(new), changed=len(changed),
            back=len(back),
        )  # fmt: skip
    return [*new, *changed]


def _check(group: ClassGroup, day: date, absent: Sequence[Missing]) -> None:
    for pupil, kind, until in absent:
        if pupil.class_group_id != group.pk:
            raise NotVisible
        if kind not in AbsenceKind.values:
            raise Refused(_("Choose why the pupil is away."), field="absent")
        if until < day:
            raise Refused(_("The last day comes after the first."), field="absent")
        if until > day + LONGEST:
            raise Refused(
                _("Nobody is away that long. Write the last day again, or record that the pupil left the school."),
                field="absent",
            )
    if len({pupil.pk for pupil, _kind, _until in absent}) < len(absent):
        raise Refused(_("A pupil stands there twice. Name each one once."), field="absent")


def _end(rows: Iterable[Absence], day: date) -> None:
    """These pupils are back on a day."""
    for row in rows:
        if row.first_on < day:
            row.last_on = day - _DAY
            row.save(update_fields=["last_on"])
        else:
            row.delete()
