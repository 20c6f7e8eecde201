"""Posts: their kind and holders, mandatory ones that are vacant, separated ones in one hand."""

from datetime import date
from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.people.actions import posts as deeds
from houqin.core.people.actions import staff
from houqin.core.people.gaps import conflicts
from houqin.core.people.models import Person, Post, PostHolding
from houqin.core.scope.refusals import NotVisible, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.console.forms import posts as forms
from houqin.modules.console.forms.choices import ReasonForm, today
from houqin.modules.console.queries import posts as queries
from houqin.ui import nav
from houqin.ui.focus import focus_of
from houqin.ui.keys import key_of
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Column, Day, Facts, Family, Link, Number, Rows, Screen, Timeline
from houqin.ui.screens.acting import carry_out


def appoint_to(
    post: Post, *, by: Viewer, person: Person, from_on: date, until: date | None, is_deputy: bool, because: str = ""
) -> PostHolding:
    """Give the post on the page to somebody."""
    return staff.appoint(
        person, by=by, org=post.org, title=post.title, from_on=from_on, until=until, is_deputy=is_deputy, because=because
    )  # fmt: skip


class PostScreen(Screen):
    """The posts of units, whoever holds them."""

    model = Post
    slug = "unit-posts"
    title = _("Posts")
    family = Family.STANDARD
    icon = "briefcase"
    order = 22
    sort = "org__path"
    columns = [
        Column("title", sort=True, card="title"),
        Column("kind", sort=True, card="fact", value=lambda row: row.kind_title or _("Other")),
        Link("org", sort="org__path", card="fact"),
        Number("main", _("Holders"), sort=True, card="fact"),
        Number("deputies", _("Deputies"), sort=True),
        Badge(
            "held", _("State"), value=lambda row: _("Held") if row.main else _("Nobody holds it"),
            tone=lambda row: "plain" if row.main else "soon",
        ),
    ]  # fmt: skip
    filters = {"org": "choice", "kind": df.ChoiceFilter(label=_("Kind of post"), choices=forms.kind_choices)}
    search = ["title", "org__name", "holdings__person__name"]
    views = {"vacant": (_("Nobody holds it"), Q(main=0)), "other": (_("Of no kind yet"), Q(kind="other"))}
    panels = [
        Facts([
            Link("org"), Column("kind", value=lambda row: row.kind_title or _("Other")), Number("main", _("Holders")),
            Number("deputies", _("Deputies")),
        ]),
        Rows(
            "holdings",
            [Link("person"), Day("from_on"), Day("to_on"), Column("is_deputy", value=lambda row: _("Deputy") if row.is_deputy else "")],
            title=_("Who holds it, and held it before"), empty=_("Nobody has held this post yet."), link=False,
        ),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=appoint_to, label=_("Give the post to somebody"), permission="people.change", form=forms.HolderForm,
            icon="user-plus", name="appoint", initial=today, done=lambda row: _("%(person)s holds the post.") % {"person": row.person},
        ),
        Action(
            verb=deeds.set_kind, label=_("Set the kind"), permission="people.change", form=forms.KindForm,
            icon="pencil", initial=lambda row, viewer: {"kind": row.kind},
        ),
    ]  # fmt: skip
    empty = _("No post yet. Posts come with the roster, or when somebody is given one.")

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """Each post once, with its kind and who holds it today."""
        return queries.with_kind(super().get_queryset(viewer), viewer.today)


@page(permission="people.view")
def gaps(request: HttpRequest) -> HttpResponse:
    """Mandatory posts that nobody holds, and separated posts in one hand."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = queries.filling(viewer, under=focus_of(request).path, kind=request.GET.get("kind", ""))
    context = {
        "title": _("Mandatory and separated posts"), "chain": focus_of(request).chain, "filling": found,
        "shown": queries.SHOWN, "may_countersign": viewer.may_anywhere("people.countersign"),
    }  # fmt: skip
    return render(request, "console/post_gaps.html", context)


COUNTERSIGN = Action(
    verb=deeds.countersign, label=_("Answer for it"), permission="people.countersign", icon="signature",
    help=_("Where a school has too few adults, its head countersigns that these posts lie in one hand. Say why, and how it is watched."),
)  # fmt: skip
TAKE_BACK = Action(
    verb=deeds.take_back_countersignature, label=_("Take the countersignature back"), permission="people.countersign",
    icon="arrow-back-up",
)  # fmt: skip


@page(permission="people.countersign")
def countersign(request: HttpRequest) -> HttpResponse:
    """Answer for posts in one hand, or no longer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    named = queries.person_at(viewer, request.GET.get("person", ""), request.GET.get("unit", ""))
    if named is None:
        raise NotVisible
    person, org = named
    require(viewer, "people.countersign", at=org)
    clash = next((one for one in conflicts(viewer, under=org.path) if one.person == person), None)
    signed = clash.countersigned if clash else None
    action = TAKE_BACK if signed else COUNTERSIGN
    form = ReasonForm(request.POST or None, viewer=viewer)
    back = reverse("console:post-gaps")

    def run() -> tuple[str, str]:
        if signed:
            deeds.take_back_countersignature(signed, by=viewer, **form.arguments())
            return back, gettext("Taken back.")
        deeds.countersign(person, by=viewer, org=org, **form.arguments())
        return back, gettext("Countersigned: %(person)s.") % {"person": person}

    if request.method == "POST" and (answer := carry_out(request, run, form=form)):
        return answer
    posts = gettext(", ").join(str(kind) for kind in clash.kinds) if clash else ""
    context = {
        "screen": {"title": _("Mandatory and separated posts")}, "list_url": back, "back": back, "action": action,
        "form": form, "title": person.name, "words": action.label, "key": key_of(request),
        "facts": [(_("Unit"), org), (_("Posts in one hand"), posts)],
    }  # fmt: skip
    return render(request, action.template, context, status=422 if request.method == "POST" else 200)


nav.register(
    nav.NavItem(
        family=Family.STANDARD, title=_("Mandatory and separated posts"), url_name="console:post-gaps",
        permission="people.view", icon="user-question", order=26,
    )
)  # fmt: skip
urlpatterns = [
    path("posts/gaps/", gaps, name="post-gaps"),
    path("posts/countersign/", countersign, name="post-countersign"),
    *PostScreen.urls(),
]
