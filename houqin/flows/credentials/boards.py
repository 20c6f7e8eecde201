"""What ends when, and who lacks what: figures that open their rows."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import PostHolding
from houqin.core.people.posts import holdings, post_kinds
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.kinds import kinds_on, title, titles
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.queries import SOON_DAYS, counted_by_kind, of_persons
from houqin.flows.credentials.rules import Held
from houqin.lib.dates import add_months

MONTHS = 6


@dataclass(frozen=True)
class Span:
    """One column of the board: from a day to a day, either open."""

    label: str
    first: date | None
    last: date | None
    tone: str = ""


def spans(today: date) -> list[Span]:
    """What has ended, each of the next six months, and what comes after them."""
    found = [Span(str(_("Expired")), None, today - timedelta(days=1), "danger")]
    first = today
    for count in range(MONTHS):
        last = add_months(today.replace(day=1), count + 1) - timedelta(days=1)
        found.append(Span(f"{first:%Y-%m}", first, last, "soon" if first <= today + timedelta(days=SOON_DAYS) else ""))
        first = last + timedelta(days=1)
    return [*found, Span(str(_("After that")), first, None)]


@dataclass(frozen=True)
class Cell:
    """One figure and the list of its rows."""

    count: int
    url: str
    tone: str
    label: str


@dataclass(frozen=True)
class Figures:
    """The four figures of the board."""

    standing: int
    ended: int
    soon: int
    unverified: int


@dataclass(frozen=True)
class Board:
    """Its columns; its rows by kind with a cell for each column and the total; its figures."""

    columns: list[Span]
    rows: list[tuple[str, list[Cell], Cell]]
    figures: Figures


def ends_board(viewer: Viewer, unit: OrgUnit | None) -> Board:
    """By kind and month: how many end when. One query."""
    columns = spans(viewer.today)
    found = counted_by_kind(viewer, unit, [(span.first, span.last) for span in columns])
    ends = {code: [row[str(number)] for number in range(len(columns))] for code, row in found.items()}
    names = titles(viewer.today)
    rows = []
    for code in sorted(ends, key=lambda code: (-ends[code][0], -sum(ends[code][1:3]), names.get(code, code))):
        cells = [
            Cell(count, listing(code, span), span.tone if count else "", str(span.label))
            for count, span in zip(ends[code], columns, strict=True)
        ]
        if total := sum(ends[code]):
            rows.append((names.get(code, code), cells, Cell(total, listing(code), "", str(_("Total")))))
    figures = {name: sum(row[name] for row in found.values()) for name in ("standing", "soon", "unverified")}
    return Board(columns, rows, Figures(ended=sum(counts[0] for counts in ends.values()), **figures))


def listing(code: str = "", span: Span | None = None, view: str = "standing") -> str:
    """The list behind a figure."""
    asked = {"view": view, "kind": code}
    if span is not None:
        asked["expires_on_after"] = span.first.isoformat() if span.first else ""
        asked["expires_on_before"] = span.last.isoformat() if span.last else ""
    return f"{reverse('credentials:papers')}?{urlencode({name: value for name, value in asked.items() if value})}"


@dataclass
class Certified:
    """持证上岗率 of one school: of those whose post asks for something, how many have all of it."""

    org: OrgUnit
    asked: int = 0
    complete: int = 0
    lacking: list[tuple[PostHolding, list[str]]] = field(default_factory=list)


def certified(viewer: Viewer, narrowed: Q) -> list[Certified]:
    """Each school's holders of posts that ask for a credential, and who lacks what; the schools with gaps first.

    A holder with two posts counts once for each. Five queries, however many schools.
    """
    kinds = post_kinds(viewer.today)
    asking = {code: kind.requires for code, kind in kinds.items() if kind.requires}
    rows = holdings(viewer.today).visible_to(viewer, "credentials.view").filter(narrowed, post__kind__in=asking)
    held = list(rows.select_related("post__org", "person").order_by("post__org__path", "person__name", "pk"))
    wanted = {code for codes in asking.values() for code in codes}
    papers = of_persons({row.person_id for row in held}, wanted, viewer.today)
    names = {code: title(kind) for code, kind in kinds_on(viewer.today).items()}
    found: dict[int, Certified] = {}
    for row in held:
        school = found.setdefault(row.post.org_id, Certified(row.post.org))
        missing = [
            names.get(code, code)
            for code in asking[row.post.kind]
            if not any(_held(one).holds(viewer.today) for one in papers.get((row.person_id, code), ()))
        ]
        school.asked += 1
        school.complete += not missing
        if missing:
            school.lacking.append((row, missing))
    return sorted(found.values(), key=lambda one: (one.complete == one.asked, -len(one.lacking), one.org.path))


def _held(row: Credential) -> Held:
    return Held(row.kind, row.issued_on, row.expires_on, row.revoked_on)
