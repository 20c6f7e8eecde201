"""The list of duties, a duty's page with its story, and one tap from Today."""

from datetime import timedelta
from typing import Any

import django_filters as df
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.actions import arranging, doing
from houqin.flows.duties.columns import (
    STANDING,
    PostName,
    RuleName,
    post_choices,
    rule_choices,
    rules_seen,
)
from houqin.flows.duties.forms.doing import HandOverForm, NoteForm, WhyForm
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.queries import state_now
from houqin.flows.duties.registry import url_of
from houqin.flows.duties.showing import page_facts
from houqin.flows.duties.words import title_of
from houqin.ui.pages import page
from houqin.ui.screens import Action, Block, Column, Day, Facts, Family, Instant, Link, Screen, Timeline, mask_name
from houqin.ui.screens.acting import carry_out
from houqin.ui.screens.look import Look

MOST = 200


def _can_tick(row: Duty, viewer: Viewer) -> bool:
    return row.state == DutyState.OPEN and row.opens_at <= viewer.now and not url_of(row)


def _own_tick(row: Duty, viewer: Viewer) -> bool:
    ticked = row.state == DutyState.DONE and row.evidence_id is None and row.account_id == viewer.account_id
    return ticked and row.done_at is not None and viewer.now - row.done_at < timedelta(hours=1)


def _who_did_it(row: Duty) -> str:
    """Whoever excused it did not do it: the story names them."""
    return row.account.display_name if row.account and row.state == DutyState.DONE else ""


def _is_open(row: Duty, viewer: Viewer) -> bool:
    return row.state == DutyState.OPEN


class DutyScreen(Screen):
    """岗位责任落实."""

    model = Duty
    slug = "duties"
    title = _("Duties")
    family = Family.STANDARD
    icon = "clipboard-check"
    order = 10
    sort = "-due_at"
    columns = [
        RuleName("rule", _("Duty"), card="title"),
        STANDING,
        Column("about", _("Where"), value=lambda row: row.about.label if row.about else "", related=["about"], card="fact"),
        PostName("post"),
        Day("day", sort=True),
        Instant("due_at", sort=["day", "due_at"], card="fact"),
        Instant("done_at", sort=True),
        Column("account", _("Who did it"), value=_who_did_it, related=["account"], mask=mask_name, unmask="people.view"),
        Link("org", sort="org__path"),
        Column("note"),
    ]  # fmt: skip
    filters = {
        "state": "choice",
        "day": "range",
        "rule": df.ChoiceFilter(field_name="rule", choices=rule_choices, label=_("Duty")),
        "post": df.ChoiceFilter(field_name="post", choices=post_choices, label=_("Post")),
        "org": "choice",
    }
    opens_on = "today"
    views = {
        "today": (_("Today"), lambda viewer: Q(day=viewer.today)),
        "overdue": (_("Overdue"), lambda viewer: state_now("overdue", viewer)),
        "missed": (_("Missed"), lambda viewer: state_now("missed", viewer)),
        "to_do": (_("Still to do"), lambda viewer: Q(state=DutyState.OPEN, due_at__gte=viewer.now)),
        "in_time": (_("Done in time"), Q(state=DutyState.DONE, done_at__lte=F("due_at"))),
        "late": (_("Done late"), Q(state=DutyState.DONE, done_at__gt=F("due_at"))),
        "excused": (_("Excused"), Q(state=DutyState.EXCUSED)),
        "resting": (_("Suspended"), Q(state=DutyState.SUSPENDED)),
    }
    search = ["org__name", "about__label", "note", "account__display_name", "rule"]
    empty = _(
        "No duty here. Duties are laid out each night for the coming days, from what law, offices and the school itself ask."
    )
    actions = [
        Action(
            verb=doing.do_duty, label=_("Done: tick"), permission="duties.do", form=NoteForm, icon="check",
            shown=_can_tick, offline=True, done=_("Done."),
        ),
        Action(
            verb=doing.undo_duty, label=_("Take the tick back"), permission="duties.do", icon="arrow-back-up",
            shown=_own_tick, aside=True, done=_("Taken back: it is open again."),
        ),
        Action(
            verb=arranging.hand_over, label=_("Hand over"), permission="duties.view", form=HandOverForm, icon="user-share",
            shown=lambda row, viewer: _is_open(row, viewer) and viewer.may("duties.do", row.org.path), aside=True, bulk=True,
            done=lambda row: _("Handed over to %(person)s.") % {"person": row.person},
        ),
        Action(
            verb=arranging.take_back_duty, label=_("Take back"), permission="duties.view", icon="arrow-back-up", aside=True,
            shown=lambda row, viewer: _is_open(row, viewer) and row.person_id is not None, done=_("Taken back."),
        ),
        Action(
            verb=arranging.excuse, label=_("Excuse"), permission="duties.arrange", form=WhyForm, icon="circle-minus",
            shown=lambda row, viewer: row.state in (DutyState.OPEN, DutyState.SUSPENDED), aside=True, bulk=True,
            done=_("Excused, with the reason."),
            help=_("It counts neither as done nor as missed. The reason stays on record."),
        ),
    ]  # fmt: skip
    panels = [
        Block("duties/duty_head.html", page_facts),
        Facts(
            [
                STANDING, PostName("post"), Column("about", _("Where"), value=lambda row: row.about.label if row.about else "", related=["about"]),
                Link("org"), Instant("opens_at"), Instant("due_at"), Instant("done_at"),
                Column("account", _("Who did it"), value=_who_did_it, mask=mask_name, unmask="people.view"),
                Column("person", _("Handed over to"), value=lambda row: str(row.person) if row.person else "", related=["person"], mask=mask_name, unmask="people.view"),
                "note",
            ],
            sparse=True,
        ),
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return Duty.objects.visible_to(viewer).select_related("org", "about", "account", "person")

    @classmethod
    def name_of(cls, row: Any, look: Look) -> str:
        """A duty is called as its rule."""
        return title_of(row, rules_seen(look))


@page(permission="duties.do")
def tick(request: HttpRequest) -> HttpResponse:
    """One tap: the duties named in the address are done, nothing to report."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if request.method != "POST":
        return HttpResponseRedirect(reverse("duties:duties"))
    wanted = [int(text) for text in request.GET.getlist("duty")[:MOST] if text.isdecimal() and len(text) < 19]
    rows = list(Duty.objects.visible_to(viewer).filter(pk__in=wanted).select_related("org"))
    if not rows:
        if wanted:
            raise NotVisible(_("These duties were laid out anew, or belong to a unit outside your reach."))
        raise Refused(_("Nothing is named that could be ticked. Open Today again."))

    def run() -> tuple[str, str]:
        done = doing.do_duties(rows, by=viewer)
        told = ngettext("Done: %(count)s duty.", "Done: %(count)s duties.", done) % {"count": done}
        if len(rows) == 1:
            told = gettext("Done. It can be taken back on its page for some minutes.")
        return reverse("ui:home"), told

    answer = carry_out(request, run)
    return answer or HttpResponseRedirect(reverse("ui:home"))


urlpatterns = [path("tick/", tick, name="tick"), *DutyScreen.urls()]
