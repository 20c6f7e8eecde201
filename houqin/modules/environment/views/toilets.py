"""Toilets: the six goals of a year by school, what they have, what was said at their doors, and judgements."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.places.models import Place
from houqin.core.policies.registry import value_of
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.words import language
from houqin.lib.numbers import whole
from houqin.modules.environment.actions.toilets import judge_toilets, record_fittings
from houqin.modules.environment.forms import CountsForm, FittingsForm, JudgeForm
from houqin.modules.environment.models import HOW_IT_IS, WRONG, Fittings, Judgement, Saying, Word
from houqin.modules.environment.policies import GOAL_YEAR
from houqin.modules.environment.queries.goals import CLEANING, SchoolScore, goals_on, reports, scores, years
from houqin.modules.environment.views.schools import schools_looked_at
from houqin.ui import nav
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Column, Day, Facts, Instant, Link, Number, Screen, Timeline

TITLE = _("Toilets: six goals")
TONES = {**{one: "soon" for one in WRONG}, Saying.GOOD: "passed", Saying.BAD: "danger"}


@page(permission="environment.view")
def toilets(request: HttpRequest) -> HttpResponse:
    """Points of each goal in a year with what shows them, and where nothing is known yet."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    orgs, org = schools_looked_at(request, TITLE)
    offered = years(viewer.today)
    asked = request.GET.get("year", "")
    year = number if (number := whole(asked)) in offered else viewer.today.year
    found = scores(orgs, year, viewer)
    first, last = date(year, 1, 1), date(year, 12, 31)
    said = reports([one.pk for one in orgs], first, last)
    days: dict[str, Any] = {"day_after": first, "day_before": last} | ({"org": org.pk} if org else {})
    words = reverse("environment:words")
    context: dict[str, Any] = {
        "title": TITLE, "org": org, "year": year, "years": offered, "chain": focus_of(request).chain,
        "one": found[0] if org and found else None, "schools": [] if org else [_of_school(one, year) for one in found],
        "goals": [goal.title_zh if language().startswith("zh") else goal.title_en for goal in goals_on(viewer.today)],
        "by_year": value_of(GOAL_YEAR, orgs[0]) if orgs else None,
        "rows": _rows(found[0], days) if org and found else [],
        "said": [
            (one.label, said.get(one.value, 0), f"{words}?{urlencode({'saying': one.value} | days)}") for one in (*WRONG, *HOW_IT_IS)
        ],
        "may_record": viewer.may_anywhere("environment.record"),
    }  # fmt: skip
    return render(request, "environment/toilets.html", context)


def _of_school(one: SchoolScore, year: int) -> dict[str, Any]:
    return {"score": one, "url": f"?{urlencode({'under': one.org.path, 'year': year})}"}


def _rows(one: SchoolScore, days: dict[str, Any]) -> list[dict[str, Any]]:
    """What shows each goal, with the way to the rows behind it."""
    urls = {
        "cleaned_in_time": ("duties:duties", {"rule": f"ledger:{CLEANING}"}),
        "reports_in_time": ("environment:words", {}),
        "satisfied": ("environment:words", {}),
        "supplied": ("ledgers:entries", {"ledger": CLEANING}),
        "clean": ("ledgers:entries", {"ledger": CLEANING}),
        "owners": ("console:places", {"use": "toilet"}),
    }  # fmt: skip
    found = []
    for goal in one.goals:
        for number, scored in enumerate(goal.scored):
            measure = scored.evidence.measure or ""
            name, query = urls.get(measure, ("environment:fittings" if measure else "environment:judgements", {}))
            span = {} if name in ("environment:fittings", "environment:judgements", "console:places") else days
            at = {"org": one.org.pk} | (
                {"year_min": days["day_after"].year, "year_max": days["day_after"].year} if not measure else {}
            )
            found.append(
                {
                    "goal": goal if number == 0 else None, "rows": len(goal.scored), "scored": scored,
                    "title": scored.evidence.title(language()),
                    "goal_title": goal.goal.title_zh if language().startswith("zh") else goal.goal.title_en,
                    "url": f"{reverse(name)}?{urlencode(query | span | at)}",
                }
            )  # fmt: skip
    return found


def record_counts(row: Fittings, *, by: Viewer, **counts: int) -> Fittings:
    """Record anew what the toilet of a row has."""
    return record_fittings(row.place, by=by, **counts)


def record_new(*, by: Viewer, place: Place, **counts: int) -> Fittings:
    """Record what a toilet has."""
    return record_fittings(place, by=by, **counts)


def judge(*, by: Viewer, org: Any, **said: Any) -> Judgement:
    """Judge one thing about a school's toilets."""
    return judge_toilets(org, by=by, **said)


COUNTS = ("boys_squats", "boys_urinals", "girls_squats", "basins")


class FittingsScreen(Screen):
    """What toilets have."""

    model = Fittings
    slug = "fittings"
    title = _("What toilets have")
    family = None
    icon = "toilet-paper"
    columns = [
        Column("place", sort="place__name", card="title"),
        Link("org", sort="org__path", card="fact"),
        *(Number(name, sort=True, card="fact") for name in COUNTS),
    ]
    filters = {"org": "choice"}
    search = ["place__name", "org__name"]
    panels = [Facts([Link("place"), Link("org"), *COUNTS])]
    actions = [
        Action(
            verb=record_counts, label=_("Count anew"), permission="environment.record", form=CountsForm, icon="pencil",
            initial=lambda row, viewer: {name: getattr(row, name) for name in COUNTS},
        )
    ]  # fmt: skip
    create = Action(
        verb=record_new,
        name="new",
        label=_("Count a toilet"),
        permission="environment.record",
        form=FittingsForm,
        icon="plus",
    )
    empty = _(
        "No toilet has been counted yet. Count squats, urinals and basins once; then the page says whether they are enough."
    )


class WordScreen(Screen):
    """What was said at the doors."""

    model = Word
    slug = "words"
    title = _("Said at the doors of toilets")
    family = None
    icon = "message-report"
    sort = "-at"
    has_detail = False
    columns = [
        Badge("saying", card="title", tones=TONES),
        Column("place", sort="place__name", card="fact"),
        Link("org", sort="org__path", card="fact"),
        Day("day", sort=True),
        Instant("at", sort=True, card="fact"),
    ]
    filters = {"saying": "choice", "day": "range", "org": "choice"}
    empty = _("Nothing was said yet. Print the QR codes and stick them on the doors.")


class JudgementScreen(Screen):
    """Judgements of what cannot be computed."""

    model = Judgement
    slug = "judgements"
    title = _("Judgements of toilets")
    family = None
    icon = "gavel"
    sort = "-year"
    columns = [
        Column("what", _("What is judged"), sort="evidence", card="title"),
        Number("year", sort=True, grouped=False, card="fact"),
        Link("org", sort="org__path", card="fact"),
        Number("percent", _("Reached (percent)"), card="fact"),
        Column("reason"),
    ]
    filters = {"org": "choice", "year": "range"}
    panels = [
        Facts([
            Column("what", _("What is judged")), Number("year", grouped=False), Link("org"),
            Number("percent", _("Reached (percent)")), "reason", Instant("at"), "account",
        ]),
        Timeline(),
    ]  # fmt: skip
    create = Action(
        verb=judge, name="new", label=_("Judge"), permission="environment.record", form=JudgeForm, icon="plus",
        help=_("Once a year; judged again, the new judgement counts and the trail keeps the one before."),
    )  # fmt: skip
    empty = _("Nothing has been judged yet.")

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """With what is judged, in the reader's language."""
        titles = [
            When(evidence=one.code, then=Value(one.title(language())))
            for goal in goals_on(viewer.today)
            for one in goal.evidence
        ]
        titled = Case(*titles, default=F("evidence"), output_field=CharField())
        rows: QuerySet[Any] = super().get_queryset(viewer).annotate(what=titled)
        return rows


nav.register(
    nav.NavItem(
        family=Family.GREEN, title=TITLE, url_name="environment:toilets", permission="environment.view", icon="toilet-paper",
        order=20,
    )
)  # fmt: skip
urlpatterns = [
    path("toilets/", toilets, name="toilets"),
    *FittingsScreen.urls(),
    *WordScreen.urls(),
    *JudgementScreen.urls(),
]
