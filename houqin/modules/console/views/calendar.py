"""The school calendar: terms, marked days, and the months they make."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.calendars import actions as deeds
from houqin.core.calendars.models import DayMark, Term
from houqin.core.scope.refusals import require
from houqin.core.scope.viewer import Viewer
from houqin.modules.console.forms import calendar as forms
from houqin.modules.console.forms.choices import ReasonForm
from houqin.modules.console.queries.calendar import month_of
from houqin.ui import nav
from houqin.ui.focus import focus_of, unit_of
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Column, Day, Facts, Family, Link, Number, Screen, Timeline

CHANGE = "calendars.change"


class TermScreen(Screen):
    """Terms as units set them."""

    model = Term
    slug = "terms"
    title = _("Terms")
    icon = "calendar-week"
    columns = [
        Column("name", value=str, sort=["school_year", "starts_on"], card="title"),
        Link("org", sort="org__path", card="fact"),
        Day("starts_on", sort=True, card="fact"),
        Day("ends_on", sort=True, card="fact"),
        Number("school_year", sort=True, grouped=False, card="no"),
    ]
    filters = {"school_year": "range", "org": "choice"}
    search = ["name", "org__name"]
    panels = [Facts([Link("org"), Day("starts_on"), Day("ends_on")]), Timeline()]
    actions = [
        Action(
            verb=deeds.change_term, label=_("Change"), permission=CHANGE, form=forms.TermForm, icon="pencil",
            initial=lambda row, viewer: {"name": row.name, "starts_on": row.starts_on, "ends_on": row.ends_on},
        ),
        Action(
            verb=deeds.take_back_term, label=_("Take back"), permission=CHANGE, form=ReasonForm, icon="arrow-back-up",
            danger=True, then=lambda none: TermScreen.url(),
            help=_("What the units above set holds again; where they set nothing, the national calendar alone."),
        ),
    ]  # fmt: skip
    create = Action(verb=deeds.set_term, label=_("Set a term"), permission=CHANGE, form=forms.NewTermForm, icon="plus")
    empty = _("No term is set yet: the national calendar alone decides which days are school days.")


def take_back(row: DayMark, *, by: Viewer) -> int:
    """The one day of the row."""
    return deeds.unmark_days(row.org, by=by, first=row.day)


class MarkScreen(Screen):
    """Days that are not as the national calendar has them."""

    model = DayMark
    slug = "marked-days"
    title = _("Marked days")
    icon = "calendar-event"
    has_detail = False
    columns = [
        Day("day", sort=True, card="title"),
        Badge("kind", tone=lambda row: "info"),
        Column("label", card="fact"),
        Link("org", sort="org__path", card="fact"),
    ]
    filters = {"day": "range", "kind": "choice", "org": "choice"}
    search = ["label", "org__name"]
    actions = [
        Action(
            verb=take_back, label=_("Take back"), permission=CHANGE, icon="arrow-back-up", on_list=True, bulk=True,
            irreversible=True, deed=lambda row: _("Take back %(mark)s") % {"mark": row},
        )
    ]  # fmt: skip
    create = Action(
        verb=deeds.mark_days, label=_("Mark days"), permission=CHANGE, form=forms.MarkForm, icon="calendar-event",
        done=lambda rows: _("%(count)s days marked.") % {"count": len(rows)},
    )  # fmt: skip
    empty = _("No day is marked: holidays and adjusted workdays come from the national calendar by themselves.")


@page(permission="calendars.view")
def month(request: HttpRequest) -> HttpResponse:
    """A month of one unit."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = unit_of(request)
    require(viewer, "calendars.view", at=org)
    context = {
        "title": _("School calendar"), "org": org, "month": month_of(org, request.GET.get("month", ""), viewer.today),
        "today": viewer.today, "chain": focus_of(request).chain, "may_change": viewer.may(CHANGE, org.path),
    }  # fmt: skip
    template = "console/calendar_print.html" if request.GET.get("print") else "console/calendar.html"
    return render(request, template, context)


nav.register(
    nav.NavItem(
        family=Family.STANDARD, title=_("School calendar"), url_name="console:calendar", permission="calendars.view",
        icon="calendar", order=45,
    )
)  # fmt: skip
urlpatterns = [path("calendar/", month, name="calendar"), *TermScreen.urls(), *MarkScreen.urls()]
