"""Boards of duties: a school's team and its days, and for its direct office the schools that need help first.

Rates stand beside their counts, like with like: a post with posts, a day with days. Rates by post and by school are shown
to the school itself and to its direct office only (PR-20); nobody sees all schools in a row.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.urls import reverse

from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.orgs.schools import WHOLE, school_of
from houqin.core.people.models import Account
from houqin.core.people.posts import holders
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.queries import Figures, figures
from houqin.flows.duties.reminding_words import in_short, rules_named, titles

HELP_PERCENT = 5
"""A school with more of its duties missed than this, or with one of a red line, needs help."""
SEEN = frozenset({"principal", "logistics_director"})
OFFICE = frozenset({"operator", "office_director", "office_staff", "auditor"})


def may_see_rates(viewer: Viewer, org: OrgUnit) -> bool:
    """Whether rates of this school are the viewer's business: its own leaders and its direct office."""
    parent = org.path[:-4]
    return viewer.is_system or any(
        (reach.role in SEEN and org.path.startswith(reach.path)) or (reach.role in OFFICE and reach.path == parent)
        for reach in viewer.reaches
    )


def offices_of_viewer(viewer: Viewer) -> list[OrgUnit]:
    """The offices in which the viewer works, the topmost first."""
    ids = {reach.org_id for reach in viewer.reaches if reach.role in OFFICE}
    return list(OrgUnit.objects.filter(pk__in=ids, kind__in=OFFICES).order_by("path")) if ids else []


def schools_of_rates(
    viewer: Viewer, looked_at: OrgUnit | None, *, seen_by: str, permission: str, refusal: Any
) -> tuple[list[OrgUnit], OrgUnit | None]:
    """The schools whose rates a page shows, in the order of the tree, and the one looked at.

    That is the school itself, else those directly below the viewer's own offices. ``refusal`` is told to whoever looks at
    a school whose rates are not their business.
    """
    org = school_of(viewer, looked_at, seen_by, WHOLE)
    if org is not None:
        require(viewer, permission, at=org)
        if may_see_rates(viewer, org):
            return [org], org
        if looked_at is not None:
            raise Refused(refusal)
    offices = offices_of_viewer(viewer)
    rows = OrgUnit.objects.visible_to(viewer).schools().filter(parent__in=offices, closed_on__isnull=True)
    return list(rows.order_by("path")) if offices else [], None


@dataclass(frozen=True)
class Line:
    """How the duties of one post, one person or one school stand. Each figure opens its rows."""

    name: str
    who: str
    on_time: int
    late: int
    missed: int
    excused: int
    open: int
    query: dict[str, Any]

    @property
    def due(self) -> int:
        """Those that had to be done by now."""
        return self.on_time + self.late + self.missed

    def url(self, view: str) -> str:
        """The rows behind a figure."""
        return f"{reverse('duties:duties')}?{urlencode(self.query | ({'view': view} if view else {}))}"

    @property
    def urls(self) -> dict[str, str]:
        """The rows behind each figure."""
        return {name: self.url(name) for name in ("in_time", "late", "missed", "excused", "to_do")} | {
            "all": self.url("")
        }


@dataclass(frozen=True)
class Team:
    """A school's posts and people in a span of days."""

    posts: list[Line]
    people: list[Line]

    def total(self, name: str) -> int:
        """One figure over all posts."""
        return sum(getattr(line, name) for line in self.posts)


def team(org: OrgUnit, first: date, last: date, viewer: Viewer, names: dict[str, str]) -> Team:
    """How a school's posts and people did. A fixed number of queries; whoever has most missed stands first."""
    span = {"org": org.pk, "day_after": first, "day_before": last}
    by_post: dict[str, list[Figures]] = defaultdict(list)
    for row in figures([org], first, last, now=viewer.now):
        by_post[row.post].append(row)
    held = holders([org], set(by_post), viewer.today)
    posts = [
        _line(
            names.get(post, post),
            "、".join(dict.fromkeys(row.person.name for row in held.get((org.pk, post), []))),
            rows,
            span | {"post": post},
        )
        for post, rows in by_post.items()
    ]
    return Team(sorted(posts, key=lambda line: (-line.missed, -line.due, line.name)), _people(org, first, last, span))


def _line(name: str, who: str, rows: Iterable[Figures], query: dict[str, Any]) -> Line:
    sums: Counter[str] = Counter()
    for row in rows:
        sums.update({what: getattr(row, what) for what in ("on_time", "late", "missed", "excused", "open")})
    return Line(name, who, sums["on_time"], sums["late"], sums["missed"], sums["excused"], sums["open"], query)


def _people(org: OrgUnit, first: date, last: date, span: dict[str, Any]) -> list[Line]:
    """Who did how many, in time and late: what somebody did counts for them, what nobody did is the post's."""
    done = Duty.objects.filter(org=org, day__range=(first, last), state=DutyState.DONE, account__isnull=False)
    rows = (
        done.order_by()
        .values("account_id")
        .annotate(
            in_time=Count("id", filter=Q(done_at__lte=F("due_at"))), late=Count("id", filter=Q(done_at__gt=F("due_at")))
        )
    )
    found = list(rows)
    names = {one.pk: str(one) for one in Account.objects.filter(pk__in=[row["account_id"] for row in found])}
    lines = [
        Line(names[row["account_id"]], "", row["in_time"], row["late"], 0, 0, 0, span | {"q": names[row["account_id"]]})
        for row in found
    ]
    return sorted(lines, key=lambda line: line.name)


@dataclass(frozen=True)
class DayLine:
    """One day of a school."""

    day: date
    on_time: int
    late: int
    missed: int

    @property
    def due(self) -> int:
        """Those that had to be done."""
        return self.on_time + self.late + self.missed

    @property
    def percent(self) -> int:
        """How many of a hundred were done in time."""
        return round(100 * self.on_time / self.due) if self.due else 0


def days_of(org: OrgUnit, first: date, last: date, viewer: Viewer) -> list[DayLine]:
    """A school's days that had duties, the earliest first. One query."""
    done, missed = Q(state=DutyState.DONE), Q(state=DutyState.OPEN, due_at__lt=viewer.now)
    rows = Duty.objects.filter(org=org, day__range=(first, last)).order_by("day").values("day")
    counted = rows.annotate(
        on_time=Count("id", filter=done & Q(done_at__lte=F("due_at"))),
        late=Count("id", filter=done & Q(done_at__gt=F("due_at"))),
        missed=Count("id", filter=missed),
    )
    return [line for row in counted if (line := DayLine(**row)).due]


@dataclass(frozen=True)
class Need:
    """A school that needs help, and why: what it missed most, counted."""

    line: Line
    org: OrgUnit
    red: int
    why: str


@dataclass(frozen=True)
class Needs:
    """The schools of an office that need help, of how many that had duties; and how many needed it in the span before."""

    schools: list[Need]
    of: int
    before: int


def schools_in_need(offices: list[OrgUnit], first: date, last: date, viewer: Viewer) -> Needs:
    """The schools directly below these offices that missed a red line or too much, worst first. Six queries."""
    units = {row.pk: row for row in OrgUnit.objects.schools().filter(parent__in=offices, closed_on__isnull=True)}
    rows = figures(list(units), first, last, now=viewer.now)
    rules = rules_named({row.rule for row in rows}, viewer.today)
    red_codes = {code for code, rule in rules.items() if rule.red_line}
    by_school: dict[int, list[Figures]] = defaultdict(list)
    for row in rows:
        by_school[row.org_id].append(row)
    found = []
    for pk, some in by_school.items():
        line = _line(units[pk].name, "", some, {"org": pk, "day_after": first, "day_before": last})
        red = sum(row.missed for row in some if row.rule in red_codes)
        if _needs_help(line.missed, line.due, red):
            most = Counter({row.rule: 0 for row in some})
            for row in some:
                most[row.rule] += row.missed
            named = [code for code, count in most.most_common(3) if count]
            counts = [f"{title} {most[code]}" for code, title in zip(named, _titled(named, rules), strict=True)]
            found.append(Need(line, units[pk], red, in_short(counts)))
    found.sort(key=lambda need: (-need.red, -need.line.missed, need.line.name))
    span = last - first + timedelta(days=1)
    return Needs(
        found, len(by_school), _how_many(list(units), first - span, first - timedelta(days=1), red_codes, viewer)
    )


def _titled(codes: list[str], rules: dict[str, Any]) -> list[str]:
    return [titles([code], rules)[0] for code in codes]


def _needs_help(missed: int, due: int, red: int) -> bool:
    return red > 0 or missed * 100 > due * HELP_PERCENT


def _how_many(orgs: list[int], first: date, last: date, red_codes: set[str], viewer: Viewer) -> int:
    """How many of the schools needed help in a span."""
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for row in figures(orgs, first, last, now=viewer.now):
        red = row.missed if row.rule in red_codes else 0
        sums[row.org_id].update({"missed": row.missed, "due": row.due, "red": red})
    return sum(1 for one in sums.values() if _needs_help(one["missed"], one["due"], one["red"]))
