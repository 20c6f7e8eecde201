"""One reminder for each post and window; red lines at once when they are overdue. Never twice, never in quiet hours."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from houqin.core.notices.actions import Note, notify_each
from houqin.core.notices.models import Notice
from houqin.core.people.models import Account
from houqin.core.policies.models import PolicySetting
from houqin.core.policies.registry import all_policies
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.models import Duty, Step
from houqin.flows.duties.policies import QUIET_FROM, QUIET_UNTIL, REMIND_MINUTES
from houqin.flows.duties.registry import Rule, lasting_prefixes
from houqin.flows.duties.reminding_readers import accounts_of_people, is_quiet, readers_of, settings_of
from houqin.flows.duties.reminding_words import due_words, overdue_words, rules_named, titles

LONG = timedelta(days=2)
"""A window longer than this (a month, a term) is told of a day before it ends; a lasting duty when its window opens."""
A_DAY = timedelta(days=1)
WARNING = "warning:"
_READ = ("org_id", "post", "person_id", "day", "due_at", "opens_at", "red_line", "rule")


@dataclass
class Bundle:
    """The open duties of one post (or of one person they were handed over to) at one unit with one end."""

    org: int
    post: str
    person: int | None
    day: date
    due: datetime
    red: bool
    opens: datetime
    rules: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What keeps it from being told twice."""
        whose = f"p{self.person}" if self.person else self.post
        return f"{'red' if self.red else 'due'}|{whose}|{self.due:%Y%m%d%H%M}"


def remind(now: datetime, *, long: bool = False) -> int:
    """Tell who has duties that end soon; with ``long`` those of windows of days and months, and lasting ones that opened.

    Returns how many were told.
    """
    longest = _longest()
    ahead = A_DAY if long else longest
    length, lasting = Q(opens_at__lt=F("due_at") - LONG), _lasting()
    ends = Q(due_at__lte=now + ahead) & ~lasting & (length if long else ~length)
    begins = lasting & Q(opens_at__gt=now - A_DAY) if long else Q(pk__in=[])
    rows = Duty.objects.open().filter(ends | begins, due_at__gt=now, opens_at__lte=now)
    bundles = list(bundled(rows))
    settings = settings_of((REMIND_MINUTES, QUIET_FROM, QUIET_UNTIL), {one.org for one in bundles})
    ready = [
        one
        for one in bundles
        if (long or one.due - now <= _lead(settings[one.org][REMIND_MINUTES])) and not is_quiet(now, settings[one.org])
    ]
    return _tell(_new_steps(ready, now, since=now - ahead), now, overdue=False)


def _lasting() -> Q:
    found = Q(pk__in=[])
    for prefix in sorted(lasting_prefixes()):
        found |= Q(rule__startswith=prefix)
    return found


def remind_red_lines(now: datetime) -> int:
    """Tell at once, also at night, that a red line is overdue."""
    rows = Duty.objects.open().filter(due_at__gt=now - A_DAY, due_at__lte=now, red_line=True)
    return _tell(_new_steps(bundled(rows, red=True), now, since=now - A_DAY), now, overdue=True)


def remind_warnings(now: datetime) -> int:
    """Tell at once, also at night, what a warning (typhoon, rainstorm) asks: as soon as it begins."""
    rows = Duty.objects.open().filter(
        due_at__gt=now, opens_at__lte=now, opens_at__gt=now - A_DAY, rule__startswith=WARNING
    )
    return _tell(_new_steps(bundled(rows), now, since=now - A_DAY), now, overdue=False)


def bundled(rows: QuerySet[Duty], *, red: bool = False) -> Iterator[Bundle]:
    """Open duties by unit, post, person and end of the window. One query."""
    found: dict[tuple[object, ...], Bundle] = {}
    for org, post, person, day, due, opens, is_red, rule in rows.order_by("due_at", "id").values_list(*_READ):
        one = found.setdefault(
            (org, person or post, due, is_red and red), Bundle(org, post, person, day, due, is_red and red, opens)
        )
        one.rules.append(rule)
    yield from found.values()


def _new_steps(bundles: Iterable[Bundle], now: datetime, since: datetime) -> list[Bundle]:
    """Those not told yet; whoever comes second to a step, as another worker, tells nobody."""
    some = list(bundles)
    known = (
        set(Step.objects.filter(kind=Step.Kind.REMINDED, at__gte=since).values_list("org_id", "day", "key"))
        if some
        else set()
    )
    return [one for one in some if (one.org, one.day, one.key) not in known]


def _tell(bundles: list[Bundle], now: datetime, *, overdue: bool) -> int:
    if not bundles:
        return 0
    today = timezone.localdate(now)
    readers = readers_of({(one.org, one.post) for one in bundles if not one.person}, today)
    people = accounts_of_people({one.person for one in bundles if one.person})
    told: list[tuple[Bundle, list[Account]]] = []
    for one in bundles:
        accounts = [people[one.person]] if one.person in people else readers.get((one.org, one.post), [])
        told.append((one, accounts))
    with transaction.atomic():
        won = won_steps(
            Step.Kind.REMINDED, [(one.org, one.day, one.post, one.key, len(one.rules), who) for one, who in told], now
        )
        by_reader: dict[tuple[int, int], list[Bundle]] = defaultdict(list)
        accounts_by_id: dict[int, Account] = {}
        for one, accounts in told:
            if (one.org, one.day, one.key) in won:
                for account in accounts:
                    by_reader[account.pk, one.org].append(one)
                    accounts_by_id[account.pk] = account
        rules = rules_named({rule for one in bundles for rule in one.rules}, today)
        notes = _notes(by_reader, accounts_by_id, rules, today, overdue=overdue)
        return notify_each(notes, by=system_viewer(now=now))


StepRow = tuple[int, date, str, str, int, list[Account]]


def won_steps(kind: str, rows: Iterable[StepRow], now: datetime) -> set[tuple[int, date, str]]:
    """Record steps; those that this very call was the first to record (unit, day, key)."""
    steps = [
        Step(org_id=org, kind=kind, day=day, post=post, key=key, count=count, at=now,
             told="、".join(str(one) for one in who)[:200])
        for org, day, post, key, count, who in rows
    ]  # fmt: skip
    if not steps:
        return set()
    of_this_call = Step.objects.filter(kind=kind, at=now).values_list("org_id", "day", "key")
    before = set(of_this_call)
    Step.objects.bulk_create(steps, ignore_conflicts=True, batch_size=1000)
    return set(of_this_call.all()) - before


def _notes(
    by_reader: dict[tuple[int, int], list[Bundle]], accounts: dict[int, Account], rules: dict[str, Rule], today: date,
    *, overdue: bool,
) -> Iterator[Note]:  # fmt: skip
    """One notice for each reader and unit, whatever number of windows it tells of."""
    words = overdue_words if overdue else due_words
    level = Notice.Level.NOW if overdue else Notice.Level.SOON
    for language in sorted({account.language for account in accounts.values()}):
        with translation.override(language):
            for (reader, org), bundles in by_reader.items():
                if accounts[reader].language == language:
                    lines = [words(titles(one.rules, rules), len(one.rules), one.due, today) for one in bundles]
                    title = lines[0] + (" …" if len(lines) > 1 else "")
                    yield Note(reader, org, title, "\n".join(lines), reverse("ui:home"), level)


def _lead(minutes: object) -> timedelta:
    return timedelta(minutes=int(str(minutes)))


def _longest() -> timedelta:
    """The longest time before an end at which any unit has people reminded. One query."""
    values = PolicySetting.objects.filter(code=REMIND_MINUTES, value__isnull=False).values_list("value", flat=True)
    return max([_lead(all_policies()[REMIND_MINUTES].default), *(_lead(value) for value in values)])
