"""Whom an incident tells: the whole school at once, town, district and city at once; of a drill the school alone."""

from typing import Any

from django.utils.translation import gettext

from houqin.core.grants.viewers import accounts_holding
from houqin.core.notices.actions import tell
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case
from houqin.modules.canteen.incident_kind import page_of
from houqin.modules.canteen.models import IncidentReport
from houqin.ui import formats

FIRST_REPORT = "first-report"
AT_ONCE = (Kind.TOWN, Kind.DISTRICT, Kind.CITY)


def tell_alarm(case: Case, *, by: Viewer) -> None:
    """Everybody who works at the school, and the offices above up to the city."""

    def words() -> tuple[str, str]:
        title = gettext("Suspected food poisoning: %(school)s") % {"school": case.org}
        body = gettext("%(name)s raised the alarm at %(at)s. Open the list: what your post does stands first.")
        body %= {"name": by.name, "at": formats.clock(case.opened_at)}
        return (marked(title), f"{body}\n{drill_words()}") if case.drill else (title, body)

    whole = OrgUnit.objects.filter(path__in=case.org.ancestor_paths, kind=Kind.SCHOOL)  # of a campus
    holding = {one.pk: one for unit in (case.org, *whole) for one in accounts_holding("cases.work", org=unit)}
    people = [one for one in holding.values() if one.pk != by.account_id]
    if not case.drill:
        people += _offices(case.org)
    tell(people, words, by=by, org=case.org, url=page_of(case), level=Notice.Level.NOW)


def tell_report(report: IncidentReport, *, by: Viewer) -> None:
    """The offices above read a report as soon as it is sent."""

    def words() -> tuple[str, str]:
        title = gettext("%(kind)s of %(school)s: suspected food poisoning") % {
            "kind": report.get_kind_display(), "school": report.org,
        }  # fmt: skip
        return title, report.body

    tell(_offices(report.org), words, by=by, org=report.org, url=page_of(report.case), level=Notice.Level.NOW)


def tell_late(case: Case, *, by: Viewer) -> None:
    """The first report is late: the offices above help at once. Of a drill they hear nothing."""
    if case.drill:
        return

    def words() -> tuple[str, str]:
        title = gettext("First report late: %(school)s") % {"school": case.org}
        return title, gettext("Telephone the school and help. Who leads there sends the report.")

    tell(_offices(case.org), words, by=by, org=case.org, url=page_of(case), level=Notice.Level.NOW)


def marked(title: str) -> str:
    """A title that says first that it is a drill."""
    return gettext("Drill: %(title)s") % {"title": title}


def drill_words() -> str:
    """What a drill says under everything."""
    return gettext(
        "This is a drill. Nothing is stopped, nobody outside the school is told; the time of each step is taken."
    )


def _offices(org: OrgUnit) -> list[Any]:
    above = OrgUnit.objects.filter(path__in=org.ancestor_paths, kind__in=AT_ONCE)
    return [account for unit in above for account in accounts_holding("cases.supervise", org=unit)]
