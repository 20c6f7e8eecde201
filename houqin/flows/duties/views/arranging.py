"""What each post does when, a school's own times, tasks, rests and warnings."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from houqin.core.orgs.schools import WHOLE, school_of
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.actions import suspending, tasks, times, warning
from houqin.flows.duties.columns import PostName, RuleName
from houqin.flows.duties.forms.doing import ReasonForm, WhyForm
from houqin.flows.duties.forms.setting import OwnWindowForm, SuspendForm, TaskForm, WarningForm
from houqin.flows.duties.models import Announcement, OwnWindow, Suspension, Task
from houqin.flows.duties.queries import cost_of
from houqin.flows.duties.showing import duties_of_posts
from houqin.flows.duties.warnings import WARNINGS
from houqin.flows.duties.words import EVERY
from houqin.ui import nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.pages import page
from houqin.ui.screens import (
    Action,
    Badge,
    Block,
    Column,
    Facts,
    Family,
    Instant,
    Link,
    Number,
    Screen,
    Timeline,
    mask_name,
)

VIEW = "duties.view"
BY = Column(
    "account",
    _("By"),
    value=lambda row: row.account.display_name if row.account else "",
    related=["account"],
    mask=mask_name,
    unmask="people.view",
)


@page(permission=VIEW)
def posts(request: HttpRequest) -> HttpResponse:
    """岗位责任清单: what each post of a school does, when, by whose demand; own times are changed here."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, VIEW, WHOLE)
    title = _("Duties of each post")
    if school is None:
        return choose_school(request, title, VIEW, WHOLE)
    context = {
        "title": title,
        "school": school,
        "posts": duties_of_posts(school, viewer.today),
        "may_arrange": viewer.may("duties.arrange", school.path),
    }
    return render(request, "duties/posts.html", context)


class OwnWindowScreen(Screen):
    """A school's own times."""

    model = OwnWindow
    slug = "own-times"
    title = _("Schools' own times")
    columns = [
        RuleName("rule", _("Duty"), card="title"),
        Column("opens", value=lambda row: f"{row.opens:%H:%M}" if row.opens else "", card="fact"),
        Column("due", value=lambda row: f"{row.due:%H:%M}" if row.due else "", card="fact"),
        PostName("post"),
        Link("org", sort="org__path"),
        Instant("set_at", sort=True),
        BY,
        Badge(
            "ended_at", _("State"), value=lambda row: pgettext_lazy("state", "Ended") if row.ended_at else _("In force"),
            tone=lambda row: "quiet" if row.ended_at else "plain",
        ),
    ]  # fmt: skip
    filters = {"org": "choice"}
    views = {"now": (_("In force"), Q(ended_at__isnull=True))}
    sort = "-set_at"
    has_detail = True
    empty = _("No school has set times of its own. A head does it on the list of duties of each post.")
    create = Action(
        verb=lambda *, by, org, **asked: times.set_own_window(org, by=by, **asked), name="new", label=_("Set own time"), permission="duties.arrange", form=OwnWindowForm,
        icon="clock-edit", done=_("Set. What has begun today stays as it was."),
    )  # fmt: skip
    actions = [
        Action(
            verb=times.end_own_window, label=_("End it"), permission="duties.arrange", icon="circle-minus",
            shown=lambda row, viewer: row.ended_at is None, done=_("Ended: it is done as it is asked."),
        )
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return OwnWindow.objects.visible_to(viewer).select_related("org", "account")


def cost_words(task: Task) -> str:
    """What the task costs, told to whoever set it."""
    cost = cost_of(task)
    return str(
        ngettext(
            "Asked of %(count)s school: %(each)s minutes each time, together %(all)s minutes.",
            "Asked of %(count)s schools: %(each)s minutes each time, together %(all)s minutes.",
            cost["schools"],
        )
        % {"count": cost["schools"], "each": cost["each"], "all": cost["together"]}
    )


class TaskScreen(Screen):
    """Tasks in a unit's own words."""

    model = Task
    slug = "tasks"
    title = _("Tasks")
    family = Family.STANDARD
    icon = "checklist"
    order = 12
    columns = [
        Column("title", sort=True, card="title"),
        Column("every", value=lambda row: EVERY.get(row.every, row.every), card="fact"),
        PostName("post", card="fact"),
        Number("tenth_minutes", _("Minutes"), value=lambda row: row.tenth_minutes / 10),
        Link("org", sort="org__path"),
        Column("why"),
        BY,
        Badge(
            "ended_at", _("State"), value=lambda row: pgettext_lazy("state", "Ended") if row.ended_at else _("Asked"),
            tone=lambda row: "quiet" if row.ended_at else "plain",
        ),
    ]  # fmt: skip
    filters = {"org": "choice"}
    search = ["title", "why", "org__name"]
    views = {
        "now": (_("Asked"), Q(ended_at__isnull=True)),
        "past": (pgettext_lazy("state", "Ended"), Q(ended_at__isnull=False)),
    }
    panels = [
        Block("duties/task_cost.html", lambda row, viewer: {"cost": cost_of(row)}),
        Facts(
            [
                "why",
                Column("every", value=lambda row: EVERY.get(row.every, row.every)),
                PostName("post"),
                Link("org"),
                BY,
            ]
        ),
        Timeline(),
    ]
    empty = _(
        "No task is asked. An office or a school asks here for what no law asks, with its reason and its minutes."
    )
    create = Action(
        verb=lambda *, by, org, **asked: tasks.set_task(org, by=by, **asked), name="new", label=_("Ask for something"), permission="duties.set", form=TaskForm, icon="plus",
        done=cost_words, help=_("Ask for nothing that is asked already. Whoever does it sees who asks and why."),
    )  # fmt: skip
    actions = [
        Action(
            verb=tasks.end_task, label=_("End this task"), permission="duties.set", form=ReasonForm, icon="circle-minus",
            shown=lambda row, viewer: row.ended_at is None, danger=True,
            done=_("Ended. What has not begun is taken off the lists."),
        )
    ]  # fmt: skip


class SuspensionScreen(Screen):
    """Where duties rest so that evidence is kept."""

    model = Suspension
    slug = "suspensions"
    title = _("Suspended duties")
    family = Family.SAFE
    icon = "player-pause"
    order = 70
    columns = [
        Column("why", card="title"),
        Badge(
            "lifted_at", _("State"), value=lambda row: _("Asked again") if row.lifted_at else _("Suspended"),
            tone=lambda row: "quiet" if row.lifted_at else "danger",
        ),
        Link("org", sort="org__path", card="fact"),
        Instant("since", sort=True, card="fact"),
        BY,
        Column("lifted_why"),
    ]  # fmt: skip
    filters = {"since": "range", "org": "choice"}
    views = {"now": (_("Suspended"), Q(lifted_at__isnull=True)), "past": (_("Asked again"), Q(lifted_at__isnull=False))}
    empty = _(
        "Nothing rests. While an incident is looked into, disinfection, waste and disposal of samples are suspended here."
    )
    create = Action(
        verb=lambda *, by, org, **asked: suspending.suspend_duties(org, by=by, **asked), name="new", label=_("Suspend duties"), permission="duties.suspend", form=SuspendForm,
        icon="player-pause", danger=True, done=_("They rest. Nobody is reminded to clean or throw away; keep everything as it is."),
        help=_("Disinfection, waste and disposal of samples are not asked any more, until it is lifted. Everything else goes on."),
    )  # fmt: skip
    actions = [
        Action(
            verb=suspending.lift_suspension, label=_("Lift"), permission="duties.suspend", form=WhyForm, icon="player-play",
            shown=lambda row, viewer: row.lifted_at is None and not row.cause_id, done=_("Lifted: the duties are asked again."),
        )
    ]  # fmt: skip


class WarningScreen(Screen):
    """Warnings of storms and floods, typed in by offices."""

    model = Announcement
    slug = "warnings"
    title = _("Weather and other warnings")
    family = Family.SAFE
    icon = "cloud-storm"
    order = 72
    columns = [
        Column("event", value=lambda row: WARNINGS.get(row.event, row.event), card="title"),
        Badge(
            "until", _("State"), value=lambda row: _("Over") if row.until <= timezone.now() else _("In force"),
            tone=lambda row: "quiet" if row.until <= timezone.now() else "danger",
        ),
        Column("words", card="fact"),
        Link("org", sort="org__path"),
        Instant("since", sort=True),
        Instant("until", _("Over by"), sort=True, card="fact"),
        Number("duties", _("Duties"), sort=True),
        BY,
    ]  # fmt: skip
    filters = {"since": "range"}
    search = ["words", "org__name"]
    views = {"now": (_("In force"), lambda viewer: Q(until__gt=viewer.now))}
    sort = "-since"
    empty = _(
        "No warning has been announced. A warning of the weather service is entered here; each school gets its duties at once."
    )
    create = Action(
        verb=lambda *, by, org, **asked: warning.announce(org, by=by, **asked), name="new", label=_("Announce a warning"), permission="duties.set", form=WarningForm, icon="alert-triangle",
        done=lambda row: ngettext("Announced: %(count)s duty made.", "Announced: %(count)s duties made.", row.duties) % {"count": row.duties},
    )  # fmt: skip
    actions = [
        Action(
            verb=warning.end_warning, label=_("All-clear"), permission="duties.set", form=WhyForm, icon="circle-check",
            shown=lambda row, viewer: row.until > viewer.now, done=_("Over."),
        )
    ]  # fmt: skip


nav.register(
    nav.NavItem(
        family=Family.STANDARD, title=_("Duties of each post"), url_name="duties:posts", permission=VIEW, icon="users-group",
        order=11,
    )
)  # fmt: skip
urlpatterns = [
    path("posts/", posts, name="posts"),
    *OwnWindowScreen.urls(),
    *TaskScreen.urls(),
    *SuspensionScreen.urls(),
    *WarningScreen.urls(),
]
