"""Deeds on classes."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.people.models import ClassGroup, Person
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer

titled({"people.class_teacher_named": _("Class teacher named")})


@verb
def name_class_teacher(group: ClassGroup, *, by: Viewer, teacher: Person | None) -> ClassGroup:
    """Say who is the teacher of a class: with an account of their own they report who eats, and see the names of the class."""
    group = ClassGroup.objects.select_for_update(of=("self",)).select_related("org").get(pk=group.pk)
    require(by, "people.change", at=group.org)
    if teacher is not None:
        if teacher.org_id != group.org_id:
            raise NotVisible
        if teacher.left_on:
            raise Refused(_("This person has left. Choose somebody who works here."), field="teacher")
    if group.teacher_id == (teacher.pk if teacher else None):
        return group
    group.teacher = teacher
    group.save(update_fields=["teacher"])
    record("people.class_teacher_named", group, by=by, org=group.org, teacher=teacher)
    return group
