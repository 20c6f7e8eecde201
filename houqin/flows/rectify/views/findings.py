"""The list of findings and the page of one."""

from typing import Any

import django_filters as df
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from houqin.core.places.marks import NOT_TO_BE_USED
from houqin.core.places.models import Stop
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.columns import PostName
from houqin.flows.indicators.alike import alike_filter
from houqin.flows.rectify import forms
from houqin.flows.rectify.actions import checking, opening, ordering, sealing
from houqin.flows.rectify.campaigns import campaign_filter
from houqin.flows.rectify.models import CauseKind, Finding, FindingState, Look, Severity
from houqin.ui.screens import (
    Action,
    Badge,
    Block,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Money,
    Number,
    Rows,
    Screen,
    Serial,
    Timeline,
)
from houqin.ui.screens.declared import Saved, Text
from houqin.ui.screens.look import Look as Eye
from houqin.ui.screens.photos import photo_html

TONES = {
    FindingState.FOUND: "soon", FindingState.ORDERED: "soon", FindingState.REPORTED: "plain",
    FindingState.CLOSED: "passed", FindingState.VOID: "quiet",
}  # fmt: skip
SEVERITIES = {Severity.MINOR: "quiet", Severity.GENERAL: "soon", Severity.SERIOUS: "danger"}
OPEN = Q(state__in=["found", "ordered", "reported"])
STANDING = ~Q(state=FindingState.VOID)


FILTERS: dict[str, Any] = {
    "org": "choice", "severity": "choice", "state": "choice", "day": "range", "due_on": "range", "red_line": "choice",
    "closed_at": "range", "alike": alike_filter, "topic": df.CharFilter(field_name="topic", label=_("Kind of problem")), "found_org": "choice", "check_org": "choice",
    "came": df.ChoiceFilter(
        field_name="causes__kind", choices=CauseKind.choices, label=_("How it came to light"), distinct=True
    ),
    "campaign": campaign_filter,
}  # fmt: skip
VIEWS: dict[str, tuple[Text, Saved]] = {
    "open": (_("Still open"), OPEN),
    "overdue": (_("Past its day"), lambda viewer: Q(state=FindingState.ORDERED, due_on__lt=viewer.today)),
    "reported": (_("To be looked at again"), Q(state=FindingState.REPORTED)),
    "serious": (_("Serious hazards"), OPEN & Q(severity=Severity.SERIOUS)),
    "supervised": (_("Under supervision"), OPEN & Q(supervised_by__isnull=False)),
    "repeated": (_("Found again"), STANDING & Q(nth__gt=1)),
    "extended": (_("Time extended"), Q(extended__gt=0)),
    "closed": (_("Put right and closed"), Q(state=FindingState.CLOSED)),
    "standing": (_("Not taken back"), STANDING),
}


class Rung(PostName):
    """Which level was told: the office, or the post."""

    def text(self, row: Any, look: Eye) -> str:
        return str(row.office) if row.office else super().text(row, look)


class Origin(Column):
    """What led to it, with the way there."""

    def html(self, row: Any, look: Eye) -> str:
        """A link where the record has a page."""
        text = super().html(row, look)
        return format_html('<a href="{}">{}</a>', row.address, text) if row.address else text


def _is_sealed(row: Finding, viewer: Viewer) -> bool:
    """Something is sealed off because of it."""
    return row.subject_id is not None and row.is_open


def _is(*states: FindingState) -> Any:
    return lambda row, viewer: row.state in states


def _looks_again(row: Finding, viewer: Viewer) -> bool:
    """It waits for the viewer's unit."""
    unit = row.check_org or row.org
    return row.state == FindingState.REPORTED and viewer.may("rectify.recheck", unit.path)


def _lacks_plan(row: Finding, viewer: Viewer) -> bool:
    """A plan comes before anything can be reported as put right."""
    return row.state == FindingState.ORDERED and ordering.asks_for_five(row) and not row.plans.exists()


def _time_is_asked(row: Finding, viewer: Viewer) -> bool:
    """More time is asked for, and the viewer's unit answers."""
    unit = row.check_org or row.org
    asked = row.state == FindingState.ORDERED and viewer.may("rectify.recheck", unit.path)
    return asked and row.extensions.filter(granted__isnull=True).exists()


def _looks(row: Finding, viewer: Viewer) -> dict[str, Any]:
    """Before and after side by side, each look with its photos; and what was sealed off."""
    looks = row.looks.select_related("account", "unit").prefetch_related("photos__file__thumbnail", "photos__file__org")
    shown = [(look, [photo_html(one.file, viewer) for one in look.photos.all()]) for look in looks]
    before = [one for one in shown if one[0].kind == Look.Kind.FOUND]
    after = [one for one in shown if one[0].kind != Look.Kind.FOUND]
    stops = (
        Stop.objects.visible_to(viewer).filter(source=row.subject_id).select_related("place") if row.subject_id else ()
    )
    return {
        "sides": [(_("Before it was put right"), before), (_("After it was put right"), after)],
        "stops": stops,
        "not_to_be_used": NOT_TO_BE_USED,
    }


def _order(row: Finding, viewer: Viewer) -> dict[str, Any]:
    return {"severity": row.severity, "post": row.post, "person": row.person, "until": row.due_on}


def _plan(row: Finding, viewer: Viewer) -> dict[str, Any]:
    return {"post": row.post, "person": row.person, "finish": row.due_on}


class FindingScreen(Screen):
    """What was found wrong, and how far it is."""

    model = Finding
    slug = "findings"
    title = _("Findings")
    family = Family.SAFE
    icon = "alert-triangle"
    order = 10
    sort = "due_on"
    columns = [
        Serial("number", sort=True, card="no"),
        Column("title", sort=True, card="title"),
        Column("place", card="fact"),
        Link("org", sort="org__path", card="fact"),
        Badge("state", tones=TONES),
        Badge("severity", sort=True, tones=SEVERITIES, card="fact"),
        Day("day", sort=True, card="no"),
        Day("due_on", sort=True, card="fact"),
        Number("nth", sort=True),
        Number("climbed", sort=True, card="no"),
    ]
    filters, views = FILTERS, VIEWS
    search = ["number", "title", "place", "org__name"]
    panels = [
        Facts([
            Link("org"), "place", "about", "standard", "basis", Day("day"), "found_by", Link("found_org"), Badge("severity", tones=SEVERITIES),
            PostName("post"), "person", Day("due_on"),
            Link("check_org"), Link("supervised_by"), Link("repeats"), Number("nth"), Number("extended", value=lambda row: row.extended or None),
            Number("returned", value=lambda row: row.returned or None), Instant("closed_at"), "closed_why",
        ], sparse=True),
        Block("rectify/looks.html", _looks),
        Rows("plans", [PostName("post"), Column("person"), Column("measures"), Money("funds_fen"), Column("funds_from"), Day("finish_on"), Column("contingency")], link=False, keep_empty=False),
        Rows("extensions", [Day("before"), Day("until"), Column("reason"), Column("granted"), Column("answer")], link=False, keep_empty=False),
        Rows("climbs", [Number("level"), Rung("post", related=["office"]), Column("told"), Number("late"), Instant("at")], title=_("Told level by level"), link=False, keep_empty=False),
        Rows("causes", [Column("kind"), Origin("label"), Instant("at")], link=False, keep_empty=False),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=ordering.order_rectification, name="order", label=_("Order rectification"), permission="rectify.order", icon="send",
            form=forms.OrderForm, initial=_order, bulk=True, shown=_is(FindingState.FOUND),
        ),
        Action(
            verb=ordering.plan_rectification, name="plan", label=_("Write the plan"), permission="rectify.fix", icon="list-check",
            form=forms.PlanForm, initial=_plan, shown=_lacks_plan,
        ),
        Action(
            verb=checking.report_fixed, name="fixed", label=_("Report as put right"), permission="rectify.fix", icon="tool",
            form=forms.LookForm, shown=_is(FindingState.ORDERED), offline=True,
        ),
        Action(
            verb=checking.fix_on_the_spot, name="spot", label=_("Put right on the spot"), permission="rectify.fix", icon="bolt",
            form=forms.SpotForm, aside=True,
            shown=lambda row, viewer: row.state in {"found", "ordered"} and row.severity < Severity.SERIOUS and not row.red_line,
        ),
        Action(
            verb=checking.pass_recheck, name="pass", label=_("It is put right"), permission="rectify.recheck", icon="check",
            form=forms.LookForm, shown=_looks_again,
        ),
        Action(
            verb=ordering.order_rectification, name="order-anew", label=_("Order anew"), permission="rectify.order", icon="send",
            form=forms.OrderForm, initial=_order, bulk=True, shown=_is(FindingState.ORDERED), aside=True,
        ),
        Action(
            verb=ordering.plan_rectification, name="plan-anew", label=_("Write a plan"), permission="rectify.fix", icon="list-check",
            form=forms.PlanForm, initial=_plan, aside=True,
            shown=lambda row, viewer: row.state == FindingState.ORDERED and not _lacks_plan(row, viewer),
        ),
        Action(
            verb=checking.return_recheck, name="return", label=_("Send back"), permission="rectify.recheck", icon="arrow-back-up",
            form=forms.LookForm, shown=_looks_again, aside=True,
        ),
        Action(
            verb=ordering.ask_for_time, name="more-time", label=_("Ask for more time"), permission="rectify.fix", icon="clock-plus",
            form=forms.TimeForm, shown=_is(FindingState.ORDERED), aside=True,
        ),
        Action(
            verb=ordering.answer_for_time, name="answer-time", label=_("Answer: more time"), permission="rectify.recheck",
            icon="clock-check", form=forms.AnswerForm, shown=_time_is_asked, aside=True,
        ),
        Action(
            verb=ordering.supervise, name="supervise", label=_("Put under supervision"), permission="rectify.supervise",
            icon="eye", form=forms.SuperviseForm, aside=True,
            shown=lambda row, viewer: row.is_open and (row.severity == Severity.SERIOUS or row.red_line),
        ),
        Action(
            verb=sealing.seal_off, name="seal", label=_("Seal off a place"), permission="places.stop", icon="hand-stop",
            form=forms.SealForm, aside=True, shown=lambda row, viewer: row.is_open,
        ),
        Action(
            verb=sealing.unseal, name="unseal", label=_("Take the seal off"), permission="places.release", icon="lock-open",
            form=forms.ReasonForm, aside=True, shown=_is_sealed,
        ),
        Action(
            verb=opening.void_finding, name="void", label=_("Take back"), permission="rectify.order", icon="trash",
            form=forms.ReasonForm, danger=True, aside=True, shown=lambda row, viewer: row.is_open,
        ),
    ]  # fmt: skip
    create = Action(
        verb=lambda *, by, org, **given: opening.report_finding(org, by=by, **given), name="report", icon="plus",
        label=_("Report what is wrong"), permission="rectify.find", form=forms.FindingForm, offline=True,
        initial=lambda row, viewer: {"how": int(Severity.MINOR), "came": ""},
    )  # fmt: skip
    empty = _("Nothing is open. Whoever sees something wrong reports it here, with a photo.")


urlpatterns = [*FindingScreen.urls()]
