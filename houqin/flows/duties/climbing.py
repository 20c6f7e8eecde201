"""Overdue duties climb: from the post to the one above it, to the head of school, to the office — one level at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from houqin.core.notices.actions import Note, notify_each
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.catalogue import PostKind
from houqin.core.people.models import Account
from houqin.core.people.posts import post_kinds
from houqin.core.policies.models import PolicySetting
from houqin.core.policies.registry import all_policies
from houqin.core.policies.rules import Value
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.models import Duty, Step
from houqin.flows.duties.policies import (
    CLIMB_LEVELS,
    CLIMB_MINUTES,
    CLIMB_RED_LEVELS,
    CLIMB_RED_MINUTES,
    QUIET_FROM,
    QUIET_UNTIL,
)
from houqin.flows.duties.registry import Rule
from houqin.flows.duties.reminding import Bundle, bundled, won_steps
from houqin.flows.duties.reminding_readers import is_quiet, offices_of, readers_of, settings_of
from houqin.flows.duties.reminding_words import overdue_words, rules_named, titles

CATCH_UP = timedelta(hours=12)
"""A step that a power cut or a quiet night held back is made up for so long; afterwards the digest tells of it."""
MOST_LEVELS = 6
HEAD = "principal"
_CODES = (CLIMB_MINUTES, CLIMB_RED_MINUTES, CLIMB_LEVELS, CLIMB_RED_LEVELS, QUIET_FROM, QUIET_UNTIL)


@dataclass(frozen=True)
class Climb:
    """A bundle that has come to a level: who is told there, and what that level is called."""

    bundle: Bundle
    level: int
    readers: tuple[Account, ...]

    @property
    def key(self) -> str:
        """What keeps it from climbing twice."""
        return f"{self.level}|{self.bundle.key}"


def climb(now: datetime) -> int:
    """Tell the next level of what is overdue for so long; returns how many were told. A fixed number of queries."""
    fields = ("red_line", False), ("red_line", True)
    found: list[Bundle] = []
    for name, red in fields:
        rows = Duty.objects.open().filter(
            due_at__lte=now - _shortest(red=red), due_at__gt=now - _longest(red=red) - CATCH_UP
        )
        found += bundled(rows.filter(**{name: red}), red=red)
    settings = settings_of(_CODES, {one.org for one in found})
    ready = [
        (one, level)
        for one in found
        if one.red or not is_quiet(now, settings[one.org])
        for level in _levels_reached(one, settings[one.org], now)
    ]
    known = (
        set(
            Step.objects.filter(kind=Step.Kind.CLIMBED, day__in={one.day for one, _level in ready}).values_list(
                "org_id", "day", "key"
            )
        )
        if ready
        else set()
    )
    new = [(one, level) for one, level in ready if (one.org, one.day, f"{level}|{one.key}") not in known]
    return _tell(sorted(new, key=lambda step: (step[1], step[0].due)), now) if new else 0


def _levels_reached(one: Bundle, settings: dict[str, Value], now: datetime) -> range:
    """The levels that it has come to: the first after one span, the second after two, as far as the unit lets it climb."""
    span, most = (CLIMB_RED_MINUTES, CLIMB_RED_LEVELS) if one.red else (CLIMB_MINUTES, CLIMB_LEVELS)
    reached = int((now - one.due) / timedelta(minutes=int(settings[span])))
    return range(1, min(reached, int(settings[most]), MOST_LEVELS) + 1)


def _tell(steps: list[tuple[Bundle, int]], now: datetime) -> int:
    today = timezone.localdate(now)
    climbs = _with_readers(steps, today)
    names = dict(OrgUnit.objects.filter(pk__in={one.bundle.org for one in climbs}).values_list("pk", "name"))
    with transaction.atomic():
        won = won_steps(
            Step.Kind.CLIMBED,
            [
                (one.bundle.org, one.bundle.day, one.bundle.post, one.key, len(one.bundle.rules), list(one.readers))
                for one in climbs
            ],
            now,
        )
        rules = rules_named({rule for one in climbs for rule in one.bundle.rules}, today)
        told = [one for one in climbs if (one.bundle.org, one.bundle.day, one.key) in won]
        return notify_each(_notes(told, rules, names, today), by=system_viewer(now=now))


@dataclass(frozen=True)
class Rung:
    """One level of a ladder: a post of the unit or an office above it, and who is told there."""

    post: str
    office: int | None
    readers: tuple[Account, ...]


def ladders(whose: Iterable[tuple[int, str]], day: date) -> dict[tuple[int, str], list[Rung]]:
    """For posts at units: who holds it (maybe nobody), then who stands above, the nearest first.

    A level where nobody can sign in is left out, and nobody stands on two. A fixed number of queries.
    """
    some = set(whose)
    kinds = post_kinds(day)
    units = OrgUnit.objects.filter(pk__in={org for org, _post in some}) if some else ()
    above = _offices_above(units)
    chains = {(org, post): posts_above(post, kinds) for org, post in some}
    at_posts = readers_of({(org, kind) for (org, post), chain in chains.items() for kind in [post, *chain]}, day)
    at_offices = offices_of({pk for chain in above.values() for pk in chain}, day)
    found: dict[tuple[int, str], list[Rung]] = {}
    for (org, post), chain in chains.items():
        rungs = [Rung(post, None, tuple(at_posts.get((org, post), [])))]
        seen = {account.pk for account in rungs[0].readers}
        for kind, office, people in [
            *((kind, None, at_posts.get((org, kind), [])) for kind in chain),
            *(("", office, at_offices.get(office, [])) for office in above.get(org, [])),
        ]:
            fresh = tuple(account for account in people if account.pk not in seen)
            seen |= {account.pk for account in fresh}
            if fresh:
                rungs.append(Rung(kind, office, fresh))
        found[org, post] = rungs
    return found


def _with_readers(steps: list[tuple[Bundle, int]], day: date) -> list[Climb]:
    """Who is told at each level; above the last one there is nobody to tell."""
    above = ladders({(one.org, one.post) for one, _level in steps}, day)
    return [
        Climb(one, level, above[one.org, one.post][level].readers)
        for one, level in steps
        if level < len(above[one.org, one.post])
    ]


def posts_above(post: str, kinds: dict[str, PostKind]) -> list[str]:
    """The posts above a post at its school, the head of school last."""
    chain: list[str] = []
    here = kinds.get(post)
    while here is not None and here.superior and here.superior not in [post, *chain]:
        chain.append(here.superior)
        here = kinds.get(here.superior)
    return chain if HEAD in chain or post == HEAD else [*chain, HEAD]


def _offices_above(units: Iterable[OrgUnit]) -> dict[int, list[int]]:
    """The offices above each unit, the nearest first. One query."""
    some = list(units)
    paths = {path for unit in some for path in unit.ancestor_paths}
    by_path = dict(OrgUnit.objects.filter(path__in=paths).values_list("path", "pk"))
    return {unit.pk: [by_path[path] for path in reversed(unit.ancestor_paths) if path in by_path] for unit in some}


def _notes(climbs: list[Climb], rules: dict[str, Rule], names: dict[int, str], today: date) -> Iterator[Note]:
    """One notice for each reader and unit."""
    by_reader: dict[tuple[int, int], list[Climb]] = defaultdict(list)
    accounts: dict[int, Account] = {}
    for one in climbs:
        for account in one.readers:
            by_reader[account.pk, one.bundle.org].append(one)
            accounts[account.pk] = account
    for language in sorted({account.language for account in accounts.values()}):
        with translation.override(language):
            kinds = post_kinds(today)
            for (reader, org), some in by_reader.items():
                if accounts[reader].language == language:
                    lines = [_line(one, rules, kinds, today) for one in some]
                    red = any(one.bundle.red for one in some)
                    days = [one.bundle.day for one in some]
                    query = {"view": "missed", "org": org, "day_after": min(days), "day_before": max(days)}
                    yield Note(
                        reader, org, f"{names[org]} · {lines[0]}" + (" …" if len(lines) > 1 else ""), "\n".join(lines),
                        f"{reverse('duties:duties')}?{urlencode(query)}", Notice.Level.NOW if red else Notice.Level.SOON,
                    )  # fmt: skip


def _line(one: Climb, rules: dict[str, Rule], kinds: dict[str, PostKind], today: date) -> str:
    bundle = one.bundle
    words = overdue_words(titles(bundle.rules, rules), len(bundle.rules), bundle.due, today)
    post = str(kinds[bundle.post]) if bundle.post in kinds else bundle.post
    told = gettext("of %(post)s") % {"post": post}
    return f"{gettext('Red line')} · {words} ({told})" if bundle.red else f"{words} ({told})"


def _minutes(code: str) -> list[timedelta]:
    """The default and every value that a unit has set. One query."""
    values = PolicySetting.objects.filter(code=code, value__isnull=False).values_list("value", flat=True)
    return [timedelta(minutes=int(value)) for value in [all_policies()[code].default, *values]]


def _shortest(*, red: bool) -> timedelta:
    return min(_minutes(CLIMB_RED_MINUTES if red else CLIMB_MINUTES))


def _longest(*, red: bool) -> timedelta:
    """After so long the last level has been told."""
    most = all_policies()[CLIMB_RED_LEVELS if red else CLIMB_LEVELS].default
    set_levels = PolicySetting.objects.filter(code=CLIMB_RED_LEVELS if red else CLIMB_LEVELS, value__isnull=False)
    levels = max([int(most), *(int(value) for value in set_levels.values_list("value", flat=True))])
    return min(levels, MOST_LEVELS) * max(_minutes(CLIMB_RED_MINUTES if red else CLIMB_MINUTES))
