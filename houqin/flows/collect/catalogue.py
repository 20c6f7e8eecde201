"""What the core knows of a school: its facts, its staff, its place in the tree."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.core.people.models import ClassGroup, Person, Pupil
from houqin.flows.collect.known import Value, known
from houqin.flows.collect.models import Kind

PEOPLE = _("people")


def _fact(name: str) -> Callable[[Sequence[OrgUnit], date], dict[int, Value]]:
    """One field of the school's facts on the day; what was left blank is not known."""

    def fill(orgs: Sequence[OrgUnit], day: date) -> dict[int, Value]:
        rows = SchoolFacts.objects.in_force(day).filter(org__in=[org.pk for org in orgs])
        return {row.org_id: getattr(row, name) for row in rows if getattr(row, name) != ""}

    return fill


def _canteen(orgs: Sequence[OrgUnit], day: date) -> dict[int, Value]:
    rows = SchoolFacts.objects.in_force(day).filter(org__in=[org.pk for org in orgs])
    return {row.org_id: str(row.get_canteen_mode_display()) for row in rows}


def _counted(rows: Any) -> dict[int, Value]:
    return {org_id: count for org_id, count in rows.values_list("org_id").annotate(count=Count("pk")).order_by()}


def _on_roster(orgs: Sequence[OrgUnit], day: date) -> dict[int, Value]:
    return _counted(Person.objects.filter(org__in=[org.pk for org in orgs], left_on__isnull=True))


def _on_roll(orgs: Sequence[OrgUnit], day: date) -> dict[int, Value]:
    return _counted(Pupil.objects.on_roll(day).filter(org__in=[org.pk for org in orgs]))


def _classes_on_roll(orgs: Sequence[OrgUnit], day: date) -> dict[int, Value]:
    year = day.year if day.month >= 8 else day.year - 1
    return _counted(ClassGroup.objects.filter(org__in=[org.pk for org in orgs], school_year=year))


def _code(orgs: Sequence[OrgUnit], day: date) -> dict[int, Value]:
    return {org.pk: org.code for org in orgs if org.code}


known(
    "orgs.enrolment",
    title=_("Pupils"),
    unit=PEOPLE,
    names=["学生数", "学生人数", "在校生数", "在校学生数", "在校学生人数", "学生总数"],
)(_fact("enrolment"))
known(
    "orgs.boarders",
    title=_("Boarders"),
    unit=PEOPLE,
    names=["寄宿生数", "寄宿生人数", "住宿生数", "住校生数", "住校生人数"],
)(_fact("boarders"))
known("orgs.classes", title=_("Classes"), names=["班级数", "教学班数", "班数"])(_fact("classes"))
known("orgs.staff", title=_("Staff"), unit=PEOPLE, names=["教职工数", "教职工人数", "教职员工数"])(_fact("staff"))
known(
    "orgs.school_type", title=_("Type of school"), kind=Kind.TEXT, names=["学校类型", "办学类型", "学校类别", "学段"]
)(_fact("school_type"))
known("orgs.principal", title=_("Head of school"), kind=Kind.TEXT, names=["校长", "校长姓名", "负责人"])(
    _fact("principal_name")
)
known("orgs.phone", title=_("Telephone"), kind=Kind.TEXT, names=["联系电话", "学校电话", "电话"])(_fact("phone"))
known("orgs.canteen_mode", title=_("Canteen"), kind=Kind.TEXT, names=["食堂经营方式", "供餐方式", "食堂经营模式"])(
    _canteen
)
known("orgs.code", title=_("School code"), kind=Kind.TEXT, names=["学校标识码", "学校代码", "标识码"])(_code)
known("people.roster", title=_("People on the roster"), unit=PEOPLE, names=["后勤人员数", "在册人员数", "花名册人数"])(
    _on_roster
)
known("people.roll", title=_("Pupils on the roll"), unit=PEOPLE, names=["在册学生数"])(_on_roll)
known("people.classes", title=_("Classes on the roll"), names=["在册班级数"])(_classes_on_roll)
