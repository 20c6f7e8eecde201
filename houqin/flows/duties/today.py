"""Today: duties of one's own posts, those handed over, and of posts that nobody holds; many of one round are one row."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.boards import HELP_PERCENT, offices_of_viewer, schools_in_need
from houqin.flows.duties.models import Duty
from houqin.flows.duties.queries import done_today, of_nobody, waiting
from houqin.flows.duties.registry import Rule, button_of, url_of
from houqin.flows.duties.words import rules_of, title_of
from houqin.ui.today import Bucket, Panel, TodayRow, office_panel, source

MOST_PLACES = 3
MOST_TICKED = 60
Round = tuple[str, str, str, str]


@source
def duties_due(viewer: Viewer) -> Iterator[TodayRow]:
    """One row for each round: twenty-four extinguishers are one."""
    if not viewer.may_anywhere("duties.do"):
        return
    own, nobodys = waiting(viewer), of_nobody(viewer)
    rules = rules_of([*own, *nobodys], viewer.today) if own or nobodys else {}
    yield from _rows(own, rules, viewer, vacant=False)
    yield from _rows(nobodys, rules, viewer, vacant=True)
    done = done_today(viewer)
    if done:
        yield TodayRow(what=_("Duties done"), bucket=Bucket.DONE, count=done)


def _rows(duties: Iterable[Duty], rules: dict[str, Rule], viewer: Viewer, *, vacant: bool) -> Iterator[TodayRow]:
    shown = [one for one in duties if one.rule in rules and not rules[one.rule].shown_elsewhere]
    together = sorted(shown, key=lambda one: (one.due_at, _round(one)))
    for _key, group in groupby(together, key=lambda one: (one.due_at, _round(one))):
        yield _row(list(group), rules, viewer, vacant=vacant)


def _round(duty: Duty) -> Round:
    return (str(duty.org_id), duty.rule, duty.slot, str(duty.day))


def _row(some: list[Duty], rules: dict[str, Rule], viewer: Viewer, *, vacant: bool) -> TodayRow:
    first = some[0]
    address = url_of(first)
    begun = first.opens_at <= viewer.now
    what = title_of(first, rules)
    if len(some) > 1:
        what += " · " + ngettext("%(count)s place", "%(count)s places", len(some)) % {"count": len(some)}
    ticked = not address and begun and len(some) <= MOST_TICKED
    return TodayRow(
        what=what,
        where=_where(some, viewer, vacant=vacant),
        until=first.due_at,
        url=address or _page(some),
        button=button_of(first) if address else gettext("Done: tick") if begun else "",
        bucket=Bucket.LATER if not begun else "",
        count=len(some),
        icon="alert-octagon" if first.red_line else "clipboard-check",
        tick=f"{reverse('duties:tick')}?{urlencode([('duty', one.pk) for one in some])}" if ticked else "",
    )


def _page(some: list[Duty]) -> str:
    if len(some) == 1:
        return reverse("duties:duties-detail", args=[some[0].pk])
    return f"{reverse('duties:duties')}?{urlencode({'rule': some[0].rule, 'state': 'open'})}"


def _where(some: list[Duty], viewer: Viewer, *, vacant: bool) -> str:
    places = [one.about.label for one in some if one.about]
    words = ["、".join(places[:MOST_PLACES]) + (" …" if len(places) > MOST_PLACES else "")] if places else []
    if len(viewer.reaches) > 1 or not places:
        words.append(some[0].org.name)
    if vacant:
        words.append(gettext("nobody holds this post"))
    return " · ".join(words)


@office_panel
def schools_to_help(viewer: Viewer) -> Panel | None:
    """On the home of an office: its own schools that need help, the worst five."""
    offices = offices_of_viewer(viewer) if viewer.may_anywhere("duties.set") else []
    if not offices:
        return None
    first, last = viewer.today - timedelta(days=6), viewer.today
    needs = schools_in_need(offices, first, last, viewer)
    shown = needs.schools[:5]
    context = {"needs": needs, "shown": shown, "first": first, "last": last, "percent": HELP_PERCENT}
    return Panel("duties/needs_panel.html", context) if needs.of else None
