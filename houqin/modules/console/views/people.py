"""Staff, posts, classes and pupils."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.people.actions import classes, pupils, staff
from houqin.core.people.actions.accounts import record_guardian
from houqin.core.people.models import ClassGroup, Person, PostHolding, Pupil
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.columns import SHORT
from houqin.flows.credentials.queries import of_person
from houqin.modules.console.erasing import ERASE_EVERYWHERE, ERASE_PUPIL, ERASE_STAFF
from houqin.modules.console.forms import people as forms
from houqin.modules.console.forms import posts as post_forms
from houqin.modules.console.forms.choices import today
from houqin.ui.screens import (
    Action,
    Badge,
    Block,
    Column,
    Day,
    Facts,
    Family,
    Link,
    Number,
    Rows,
    Screen,
    Timeline,
    mask_name,
    mask_phone,
)  # fmt: skip

FULL_NAME = _("Full name")
PHONE = Column("phone", mask=mask_phone, unmask="people.view_contacts")


def _copy(address: str) -> Callable[[Any, Viewer], dict[str, Any] | None]:
    """The way to a copy of all that is kept of the row's person, for those who may hand it out."""

    def link(row: Any, viewer: Viewer) -> dict[str, Any] | None:
        may = viewer.may("people.erase", row.org.path)
        return {"url": reverse(address, args=[row.public_id])} if may else None

    return link


class StaffScreen(Screen):
    """Who works where."""

    model = Person
    slug = "staff"
    title = _("Staff")
    family = Family.STANDARD
    icon = "users"
    order = 20
    sort = "org__path"
    columns = [
        Column("name", FULL_NAME, sort=True, card="title"),
        Link("org", sort="org__path", card="fact"),
        Column(
            "posts", _("Posts"), card="fact", prefetch=["holdings__post"],
            value=lambda row: "、".join(str(one.post) for one in row.holdings.all() if not one.to_on),
        ),
        Column("sex"),
        Number("birth_year", grouped=False),
        PHONE,
        Badge(
            "left_on", _("State"), value=lambda row: _("No longer here") if row.left_on else _("Works here"),
            tone=lambda row: "quiet" if row.left_on else "plain",
        ),
    ]  # fmt: skip
    filters = {"org": "choice", "sex": "choice"}
    search = ["name", "org__name", "holdings__post__title"]
    views = {
        "here": (_("Works here"), Q(left_on__isnull=True)),
        "left": (_("No longer here"), Q(left_on__isnull=False)),
    }
    panels = [
        Facts([Link("org"), "sex", Number("birth_year", grouped=False), PHONE, Day("left_on")]),
        Rows(
            "holdings", [Column("post"), Day("from_on"), Day("to_on"), Column("is_deputy")],
            title=_("Posts"), empty=_("Holds no post."),
        ),
        Rows(
            lambda row, viewer: of_person(row.pk, viewer), SHORT, title=_("Credentials"), keep_empty=False,
        ),
        Block("console/copy.html", _copy("console:staff-copy")),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=staff.appoint, label=_("Give a post"), permission="people.change", form=post_forms.AppointForm,
            icon="user-plus", shown=lambda row, viewer: not row.left_on,
            initial=lambda row, viewer: {"org": row.org_id} | today(row, viewer),
        ),
        Action(
            verb=staff.correct_person, label=_("Correct"), permission="people.change", form=forms.PersonForm,
            icon="pencil",
            initial=lambda row, viewer: {n: getattr(row, n) for n in ("name", "sex", "birth_year", "phone")},
        ),
        Action(
            verb=staff.leave, label=_("Record leaving"), permission="people.change", form=forms.LeaveForm,
            icon="door-exit", shown=lambda row, viewer: not row.left_on, initial=today, danger=True,
        ),
        ERASE_STAFF,
        ERASE_EVERYWHERE,
    ]  # fmt: skip
    create = Action(
        verb=staff.record_roster, label=_("Record staff"), permission="people.change", form=forms.RosterForm,
        icon="user-plus", initial=today, done=lambda made: _("%(count)s people recorded.") % {"count": len(made)},
    )  # fmt: skip
    empty = _("Nobody recorded yet. Import the roster, or record people here.")


class HoldingScreen(Screen):
    """Who holds which post."""

    model = PostHolding
    slug = "posts"
    title = _("Posts held")
    family = Family.STANDARD
    icon = "id-badge-2"
    order = 25
    sort = "post__org__path"
    columns = [
        Link("person", sort="person__name", card="title"),
        Column("post", sort="post__title", card="fact"),
        Link("post__org", _("Unit"), sort="post__org__path", card="fact"),
        Day("from_on", sort=True),
        Day("to_on", sort=True),
        Column("is_deputy", value=lambda row: _("Deputy") if row.is_deputy else ""),
    ]
    filters = {"from_on": "range"}
    search = ["person__name", "post__title", "post__org__name"]
    views = {"now": (_("Held now"), Q(to_on__isnull=True)), "past": (_("Given up"), Q(to_on__isnull=False))}
    actions = [
        Action(
            verb=staff.end_holding, label=_("Give up the post"), permission="people.change", form=forms.LeaveForm,
            icon="user-minus", shown=lambda row, viewer: not row.to_on, initial=today, danger=True,
        )
    ]  # fmt: skip


class ClassScreen(Screen):
    """Classes of the schools."""

    model = ClassGroup
    slug = "classes"
    title = _("Classes")
    family = Family.STANDARD
    icon = "users-group"
    order = 30
    sort = "org__path"
    columns = [
        Column("name", sort=True, card="title"),
        Link("org", sort="org__path", card="fact"),
        Column("grade", sort=True),
        Number("school_year", sort=True, grouped=False),
        Number("on_roll", _("Pupils"), sort=True, card="fact"),
        Link("teacher"),
    ]
    filters = {"org": "choice", "school_year": "range"}
    search = ["name", "org__name"]
    actions = [
        Action(
            verb=classes.name_class_teacher, label=_("Name the class teacher"), permission="people.change",
            form=forms.TeacherForm, icon="user-star", initial=lambda row, viewer: {"teacher": row.teacher_id},
        )
    ]  # fmt: skip
    empty = _("No class yet. Classes are opened when pupils are enrolled or imported.")

    def get_queryset(self, viewer: Viewer) -> QuerySet[ClassGroup]:
        """With how many pupils are on the roll."""
        counted: QuerySet[ClassGroup] = (
            super().get_queryset(viewer).annotate(on_roll=Count("pupils", filter=Q(pupils__left_on__isnull=True)))
        )
        return counted


class PupilScreen(Screen):
    """Children on the roll; names are covered unless the job needs them."""

    model = Pupil
    slug = "pupils"
    title = _("Pupils")
    family = Family.STANDARD
    icon = "mood-kid"
    order = 35
    sort = "org__path"
    columns = [
        Column("name", FULL_NAME, sort=True, card="title", mask=mask_name, unmask="people.view_pupil_names"),
        Column("class_group", sort="class_group__name", card="fact"),
        Link("org", sort="org__path", card="fact"),
        Column("sex"),
        Column("is_boarder", value=lambda row: _("Boarder") if row.is_boarder else _("Day pupil")),
        Day("enrolled_on", sort=True),
        Day("left_on", sort=True),
    ]
    filters = {"org": "choice", "is_boarder": "bool"}
    search = ["class_group__name", "org__name"]
    views = {"here": (_("On the roll"), Q(left_on__isnull=True)), "left": (_("Off the roll"), Q(left_on__isnull=False))}
    panels = [Facts(columns), Block("console/copy.html", _copy("console:pupils-copy")), Timeline()]
    actions = [
        Action(
            verb=pupils.correct_pupil, label=_("Correct"), permission="people.change_pupils", form=forms.PupilForm,
            icon="pencil", shown=lambda row, viewer: not row.left_on,
            initial=lambda row, viewer: {
                "name": row.name, "sex": row.sex, "is_boarder": row.is_boarder,
                "class_name": str(row.class_group or ""),
            },
        ),
        Action(
            verb=record_guardian, label=_("Record a parent"), permission="people.change_pupils",
            form=forms.GuardianForm, icon="user-heart",
            shown=lambda row, viewer: not row.left_on and viewer.may("people.manage_accounts", row.org.path),
        ),
        Action(
            verb=pupils.leave_school, label=_("Left the school"), permission="people.change_pupils",
            form=forms.LeaveForm, icon="door-exit", shown=lambda row, viewer: not row.left_on, initial=today,
            danger=True,
        ),
        ERASE_PUPIL,
    ]  # fmt: skip
    create = Action(
        verb=pupils.enrol_pupils, label=_("Enrol pupils"), permission="people.change_pupils", form=forms.EnrolForm,
        icon="user-plus", initial=today,
        done=lambda made: _("%(count)s pupils enrolled.") % {"count": len(made)},
    )  # fmt: skip
    empty = _("No pupil on the roll yet. Import a class list, or enrol pupils here.")


urlpatterns = [*StaffScreen.urls(), *HoldingScreen.urls(), *ClassScreen.urls(), *PupilScreen.urls()]
