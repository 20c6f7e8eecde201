"""Deeds on classes and pupils."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import ClassGroup, Pupil
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.inserting import insert_rows

titled(
    {
        "people.pupils_enrolled": _("Pupils enrolled"),
        "people.pupil_corrected": _("Pupil corrected"),
        "people.pupil_left": _("Pupil left the school"),
    }
)
SCHOOL_YEAR_STARTS_IN = 9


@dataclass(frozen=True)
class PupilLine:
    """One line of a class list."""

    name: str
    class_name: str = ""
    grade: str = ""
    sex: str = ""
    is_boarder: bool = False


def school_year_of(day: date) -> int:
    """The year in which the school year of a day began (it begins on 1 September)."""
    return day.year if day.month >= SCHOOL_YEAR_STARTS_IN else day.year - 1


def _classes(org: OrgUnit, lines: Sequence[PupilLine], year: int) -> dict[str, ClassGroup]:
    wanted = {line.class_name: line.grade for line in lines if line.class_name}
    groups = {group.name: group for group in ClassGroup.objects.filter(org=org, school_year=year, name__in=wanted)}
    missing = [
        ClassGroup(org=org, name=name, grade=grade, school_year=year)
        for name, grade in sorted(wanted.items())
        if name not in groups
    ]
    return groups | {group.name: group for group in ClassGroup.objects.bulk_create(missing)}


@verb
def enrol_pupils(org: OrgUnit, *, by: Viewer, lines: Sequence[PupilLine], enrolled_on: date) -> list[Pupil]:
    """Put children on the school's roll, opening the classes that are missing."""
    require(by, "people.change_pupils", at=org)
    if org.kind != Kind.SCHOOL:
        raise Refused(_("Pupils belong to a school."))
    groups = _classes(org, lines, school_year_of(enrolled_on))
    pupils = insert_rows(
        Pupil(
            org=org,
            class_group=groups.get(line.class_name),
            name=line.name,
            sex=line.sex,
            is_boarder=line.is_boarder,
            enrolled_on=enrolled_on,
        )
        for line in lines
    )
    record("people.pupils_enrolled", org, by=by, org=org, count=len(pupils))
    return pupils


@verb
def correct_pupil(pupil: Pupil, *, by: Viewer, line: PupilLine) -> Pupil:
    """Correct what is recorded about a pupil."""
    require(by, "people.change_pupils", at=pupil.org)
    pupil = Pupil.objects.select_for_update(of=("self",)).select_related("org").get(pk=pupil.pk)
    groups = _classes(pupil.org, [line], school_year_of(by.today))
    values = {
        "name": line.name,
        "sex": line.sex,
        "is_boarder": line.is_boarder,
        "class_group": groups.get(line.class_name),
    }
    if changed := pupil.amend(values):
        record("people.pupil_corrected", pupil, by=by, org=pupil.org, fields=changed)
    return pupil


@verb
def leave_school(pupil: Pupil, *, by: Viewer, on: date) -> Pupil:
    """A child leaves the school."""
    require(by, "people.change_pupils", at=pupil.org)
    pupil = Pupil.objects.select_for_update(of=("self",)).select_related("org").get(pk=pupil.pk)
    if pupil.left_on:
        raise Refused(_("This pupil has left already."))
    if on < pupil.enrolled_on:
        raise Refused(_("A pupil cannot leave before being enrolled."), field="on")
    pupil.left_on = on
    pupil.save(update_fields=["left_on"])
    record("people.pupil_left", pupil, by=by, org=pupil.org, on=on)
    return pupil
