"""The office's one digest a day: at most ten lines about the day before, what needs help first. Nothing missed, no digest."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from houqin.core.notices.actions import Note, notify_each
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.models import Duty, DutyState, Step
from houqin.flows.duties.policies import DIGEST_AT
from houqin.flows.duties.reminding import won_steps
from houqin.flows.duties.reminding_readers import offices_of, settings_of

MOST_LINES = 10
KEY = "digest"


@dataclass(frozen=True)
class More:
    """One more line of an office's digest, in the reader's language, and the page that it is about."""

    words: Callable[[], str]
    url: str


MoreSource = Callable[[datetime], dict[int, More]]
_more: list[MoreSource] = []


def also(source: MoreSource) -> MoreSource:
    """Register who adds a line to offices' digests: (now) → by office. It stands first, and alone it is a digest too."""
    _more.append(source)
    return source


@dataclass(frozen=True)
class Line:
    """One school as the digest tells of it. ``due`` of its duties fell on that day."""

    org: int
    name: str
    office: int
    due: int
    missed: int
    red: int
    late: int

    @property
    def worst(self) -> tuple[int, int, int, str]:
        """What needs help first: red lines missed, then missed, then late."""
        return (-self.red, -self.missed, -self.late, self.name)


def send_digests(now: datetime) -> int:
    """Tell every office whose hour has come about its own schools' day before; returns how many people were told."""
    day = timezone.localdate(now) - timedelta(days=1)
    lines = schools_in_need(day, now)
    more: dict[int, list[More]] = defaultdict(list)
    for office, one in (item for source in _more for item in source(now).items()):
        more[office].append(one)
    offices = {line.office for line in lines} | set(more)
    done = set(Step.objects.filter(kind=Step.Kind.DIGEST, day=day, key=KEY).values_list("org_id", flat=True))
    settings = settings_of((DIGEST_AT,), offices - done)
    clock = timezone.localtime(now).time()
    ready = {pk for pk, values in settings.items() if time.fromisoformat(str(values[DIGEST_AT])) <= clock}
    if not ready:
        return 0
    people = offices_of(ready, timezone.localdate(now))
    by_office: dict[int, list[Line]] = {office: [] for office in more if office in people}
    for line in lines:
        if line.office in people:
            by_office.setdefault(line.office, []).append(line)
    with transaction.atomic():
        won = won_steps(
            Step.Kind.DIGEST,
            [
                (office, day, "", KEY, sum(line.missed for line in some), people[office])
                for office, some in by_office.items()
            ],
            now,
        )
        told = {office: some for office, some in by_office.items() if (office, day, KEY) in won}
        return notify_each(_notes(told, more, people, day), by=system_viewer(now=now))


def schools_in_need(day: date, now: datetime, *, offices: Collection[int] | None = None) -> list[Line]:
    """Schools that missed duties of a day, what needs help first, with the office directly above. Two queries."""
    missed = Q(state=DutyState.OPEN, due_at__lt=now)
    late = Q(state=DutyState.DONE, done_at__gt=F("due_at"))
    counted = Q(state=DutyState.DONE) | missed
    rows = Duty.objects.filter(day=day).order_by()
    if offices is not None:
        rows = rows.filter(org__parent__in=offices)
    figures = rows.values("org_id").annotate(
        due=Count("id", filter=counted), missed=Count("id", filter=missed),
        red=Count("id", filter=missed & Q(red_line=True)), late=Count("id", filter=late),
    )  # fmt: skip
    found = {row["org_id"]: row for row in figures.filter(missed__gt=0)}
    units = OrgUnit.objects.filter(pk__in=found, parent__kind__in=OFFICES).values_list("pk", "name", "parent_id")
    lines = [
        Line(pk, name, office, *(found[pk][what] for what in ("due", "missed", "red", "late")))
        for pk, name, office in units
    ]
    return sorted(lines, key=lambda line: line.worst)


def in_words(lines: list[Line], most: int = MOST_LINES) -> list[str]:
    """At most ten lines, the last of which says how many schools are left out."""
    shown = lines if len(lines) <= most else lines[: most - 1]
    said = [_line(line) for line in shown]
    rest = lines[len(shown) :]
    if rest:
        values = {"schools": len(rest), "missed": sum(line.missed for line in rest)}
        said.append(gettext("and %(schools)s more schools with %(missed)s missed duties") % values)
    return said


def _line(line: Line) -> str:
    values = {"school": line.name, "missed": line.missed, "due": line.due, "red": line.red, "late": line.late}
    words = gettext("%(school)s: missed %(missed)s of %(due)s") % values
    if line.red:
        words += gettext(", of these %(red)s of a red line") % values
    return words + (gettext(", %(late)s done late") % values if line.late else "")


def _notes(
    offices: dict[int, list[Line]], more: dict[int, list[More]], people: dict[int, list[Account]], day: date
) -> Iterable[Note]:
    for office, lines in offices.items():
        url = f"{reverse('duties:schools')}?{urlencode({'day': day})}" if lines else more[office][0].url
        for account in people[office]:
            with translation.override(account.language):
                said = [one.words() for one in more.get(office, [])]
                title = _title(lines, day) if lines else said[0]
                body = "\n".join([*said, *in_words(lines, MOST_LINES - len(said))])
                yield Note(account.pk, office, title, body, url, Notice.Level.INFO)


def _title(lines: list[Line], day: date) -> str:
    count = len(lines)
    return ngettext("%(day)s: %(count)s school missed duties", "%(day)s: %(count)s schools missed duties", count) % {
        "day": f"{day:%m-%d}",
        "count": count,
    }
