"""The three lists (问题清单、责任清单、整改清单): the same findings, each with the columns by which it is kept and printed.

They take the filters of the list of findings (school, days, campaign), print on A4 and go out as XLSX as every list does.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.flows.duties.columns import PostName
from houqin.flows.rectify.models import Finding
from houqin.flows.rectify.queries import FIXES, NEWEST_PLAN, PASSES
from houqin.flows.rectify.views.findings import FILTERS, SEVERITIES, TONES, VIEWS, FindingScreen
from houqin.ui.screens import Badge, Column, Day, Instant, Link, Money, Number, Screen, Serial
from houqin.ui.screens.declared import Declared

FIRST: list[Column] = [
    Serial("number", card="no"),
    Column("title", card="title"),
    Link("org", sort="org__path", card="fact"),
]


def _plan(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row.newest_plans[0], name) if row.newest_plans else None


def _done(row: Any) -> str:
    return row.fixes[0].remark if row.fixes else ""


def _fixed_at(row: Any) -> Any:
    return row.fixes[0].at if row.fixes else None


def _seen_by(row: Any) -> Any:
    return (row.passes[0].account or "") if row.passes else ""


class Listed(Declared):
    """What the three have in common: their rows open the page of the finding."""

    model = Finding
    has_detail = False
    filters, views = FILTERS, VIEWS
    search = ("number", "title", "place", "org__name")
    empty = _("No finding in this selection.")

    @classmethod
    def row_url(cls, row: Any) -> str:
        """The page of the finding."""
        return FindingScreen.row_url(row)


class ProblemScreen(Listed, Screen):
    """问题清单: what was found, by whom, and how it should be."""

    slug = "problems"
    title = _("List of problems")
    columns = [
        *FIRST, Column("place", card="fact"), Column("detail"), Column("standard"), Column("basis"),
        Badge("severity", tones=SEVERITIES, sort=True), Day("day", sort=True), Column("found_org", card="fact"), Number("nth"),
        Badge("state", tones=TONES),
    ]  # fmt: skip
    sort = "day"


class ResponsibilityScreen(Listed, Screen):
    """责任清单: who answers for it, by when, and who looks again."""

    slug = "responsibilities"
    title = _("List of responsibilities")
    columns = [
        *FIRST, Badge("severity", tones=SEVERITIES, sort=True), PostName("post", card="fact"),
        Column("person", card="fact"), Column("measures", _("Measures"), value=_plan("measures"), prefetch=[NEWEST_PLAN]),
        Column("contingency", _("If it goes wrong"), value=_plan("contingency")), Day("due_on", sort=True, card="fact"),
        Column("check_org"), Column("supervised_by"), Badge("state", tones=TONES),
    ]  # fmt: skip
    sort = "due_on"


class FixScreen(Listed, Screen):
    """整改清单: what is done with what money, how far it is, and who has seen it again."""

    slug = "fixes"
    title = _("List of rectification")
    columns = [
        *FIRST, Column("measures", _("Measures"), value=_plan("measures"), prefetch=[NEWEST_PLAN]),
        Money("funds_fen", _("Money"), value=_plan("funds_fen")), Day("due_on", sort=True, card="fact"), Number("extended"),
        Column("done", _("What was put right"), value=_done, prefetch=[FIXES]), Instant("fixed_at", _("Put right on"), value=_fixed_at),
        Number("returned"), Column("seen_by", _("Seen again by"), value=_seen_by, prefetch=[PASSES]), Instant("closed_at"),
        Badge("state", tones=TONES),
    ]  # fmt: skip
    sort = "due_on"


urlpatterns = [*ProblemScreen.urls(), *ResponsibilityScreen.urls(), *FixScreen.urls()]
