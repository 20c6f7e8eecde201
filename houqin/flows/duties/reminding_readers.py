"""Who is told: the accounts of a post at many units at once, of offices, and when it is quiet."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from django.utils import timezone

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account, PostHolding
from houqin.core.people.posts import accounts_of, holders, post_kinds
from houqin.core.policies.registry import standing
from houqin.core.policies.rules import Value
from houqin.flows.duties.policies import QUIET_FROM, QUIET_UNTIL

OFFICE_ROLES = frozenset({"office_director", "office_staff"})
Posts = Collection[tuple[int, str]]


def readers_of(posts: Posts, day: date) -> dict[tuple[int, str], list[Account]]:
    """Who is told what concerns these posts: the holders, else their deputies, else who does it by a role there.

    Only those who can sign in. Four queries for any number of posts.
    """
    held = holders({org for org, _kind in posts}, {kind for _org, kind in posts}, day) if posts else {}
    accounts = accounts_of(row for rows in held.values() for row in rows)
    found = {post: told for post in posts if (told := _signing_in(held.get(post, []), accounts))}
    return found | _by_roles([post for post in posts if post not in found], day)


def _signing_in(rows: list[PostHolding], accounts: dict[int, Account]) -> list[Account]:
    """The main holders who can sign in, each once; the deputies where no main holder can."""
    for deputies in (False, True):
        told = {
            row.person_id: accounts[row.person_id]
            for row in rows
            if row.is_deputy is deputies and row.person_id in accounts
        }
        if told:
            return list(told.values())
    return []


def _by_roles(posts: Posts, day: date) -> dict[tuple[int, str], list[Account]]:
    kinds = post_kinds(day) if posts else {}
    roles = {role for _org, code in posts if code in kinds for role in kinds[code].roles}
    if not roles:
        return {}
    at: dict[tuple[int, str], list[Account]] = defaultdict(list)
    grants = Grant.objects.on(day).filter(
        org__in={org for org, _code in posts}, role__in=roles, account__is_active=True
    )
    for grant in grants.select_related("account").order_by("pk"):
        at[grant.org_id, grant.role].append(grant.account)
    found: dict[tuple[int, str], list[Account]] = {}
    for org, code in posts:
        told = {one.pk: one for role in (kinds[code].roles if code in kinds else ()) for one in at.get((org, role), ())}
        if told:
            found[org, code] = list(told.values())
    return found


def accounts_of_people(people: Collection[int]) -> dict[int, Account]:
    """The open accounts of people, by person. One query."""
    rows = Account.objects.filter(person__in=people, is_active=True) if people else []
    return {row.person_id: row for row in rows if row.person_id}


def offices_of(orgs: Iterable[int], day: date, roles: Collection[str] = OFFICE_ROLES) -> dict[int, list[Account]]:
    """Who works in these offices, by office. One query."""
    found: dict[int, dict[int, Account]] = defaultdict(dict)
    grants = Grant.objects.on(day).filter(org__in=set(orgs), role__in=roles, account__is_active=True)
    for grant in grants.select_related("account").order_by("pk"):
        found[grant.org_id][grant.account_id] = grant.account
    return {org: list(told.values()) for org, told in found.items()}


def settings_of(codes: Collection[str], orgs: Iterable[int]) -> dict[int, dict[str, Value]]:
    """What holds at many units for some rules. Two queries."""
    units = list(OrgUnit.objects.filter(pk__in=set(orgs)))
    held = standing(codes, units) if units else {}
    return {pk: {code: one.value for code, one in found.items()} for pk, found in held.items()}


def is_quiet(now: datetime, settings: dict[str, Value]) -> bool:
    """Whether nobody is to be disturbed at a unit; the quiet time may go over midnight."""
    clock = timezone.localtime(now).time()
    begins, ends = (time.fromisoformat(str(settings[code])) for code in (QUIET_FROM, QUIET_UNTIL))
    if begins <= ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends
