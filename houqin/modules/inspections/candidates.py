"""From which schools and inspectors a campaign draws, and why a school has so many lots. A fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import OFFICES, OrgUnit, SchoolFacts
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.queries import figures
from houqin.flows.rectify.models import OPEN_STATES, CauseKind, Finding, FindingState
from houqin.flows.rectify.rules import A_YEAR
from houqin.modules.inspections.drawing import Candidate, Hand, Listing
from houqin.modules.inspections.following import left_open, taken_in
from houqin.modules.inspections.lists import lists_on
from houqin.modules.inspections.lots import Facts, is_first, lots_of, months_between
from houqin.modules.inspections.models import Campaign, CampaignKind, Inspector, Visit, VisitState
from houqin.modules.inspections.policies import lots_at

LATELY = timedelta(days=30)
BEEN = (VisitState.UNDERWAY, VisitState.SIGNED)


def schools_for(campaign: Campaign, day: date) -> list[OrgUnit]:
    """Open schools below the office where one of the checklists applies and that have no visit in the campaign yet.

    A follow-up goes again to where findings are still open.
    """
    taken = taken_in(campaign)
    rows = OrgUnit.objects.schools().under(campaign.org.path).filter(closed_on__isnull=True).exclude(pk__in=taken)
    found = list(rows.order_by("path"))
    facts = {one.org_id: one for one in SchoolFacts.objects.in_force(day).filter(org__in=[one.pk for one in found])}
    known = lists_on(day)
    lists = [known[code].checklist for code in campaign.checklists if code in known]
    return [one for one in found if one.pk not in facts or any(_applies(each, facts[one.pk]) for each in lists)]


def _applies(checklist: Any, facts: SchoolFacts) -> bool:
    return bool(checklist.for_school(facts.canteen_mode, facts.boarders, facts.school_type))


def last_visits(orgs: Iterable[int]) -> dict[int, date]:
    """When an office or another school last inspected each of these schools. What a school checks itself does not count."""
    rows = Visit.objects.filter(org__in=list(orgs), state__in=BEEN).exclude(kind=CampaignKind.SELF)
    return dict(rows.order_by().values_list("org").annotate(last=Max("day")))


def facts_of(orgs: Sequence[OrgUnit], viewer: Viewer) -> dict[int, Facts]:
    """What brings lots to each school. What a school found itself is to its credit and brings none.

    A finding that began with a complaint counts as that and not once more as a finding.
    """
    ids = [one.pk for one in orgs]
    today = viewer.today
    found = Finding.objects.filter(org__in=ids).exclude(state=FindingState.VOID).order_by().values_list("org")
    others = Q(day__gt=today - A_YEAR) & ~Q(found_org=F("org"))
    overdue = Q(state__in=OPEN_STATES, due_on__lt=today)
    counted = {
        pk: (n, late) for pk, n, late in found.annotate(n=Count("pk", filter=others), late=Count("pk", filter=overdue))
    }
    complained = dict(found.filter(others, causes__kind=CauseKind.COMPLAINT).annotate(n=Count("pk", distinct=True)))
    missed: Counter[int] = Counter()
    for one in figures(ids, today - LATELY, today, now=viewer.now):
        missed[one.org_id] += one.missed
    last = last_visits(ids)
    known = {}
    for pk in ids:
        (by_others, late), told = counted.get(pk, (0, 0)), complained.get(pk, 0)
        months = months_between(last[pk], today) if pk in last else None
        known[pk] = Facts(months, by_others - told, late, missed=missed[pk], complaints=told)
    return known


def inspectors_for(campaign: Campaign, day: date) -> list[Inspector]:
    """Those of the office who inspect one of the campaign's fields, or every field."""
    known = lists_on(day)
    families = {known[code].checklist.family for code in campaign.checklists if code in known}
    rows = Inspector.objects.filter(org=campaign.org, ended_on__isnull=True, from_on__lte=day, account__is_active=True)
    rows = rows.select_related("account__home", "works_at").prefetch_related("stays_off").order_by("pk")
    return [one for one in rows if not one.families or families & set(one.families)]


def workplaces(inspectors: Iterable[Inspector], day: date) -> dict[int, set[str]]:
    """The paths of the schools where each inspector works, by account: as registered, their unit, and wherever they have a role."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = list(inspectors)
    for one in rows:
        for unit in (one.works_at, one.account.home):
            if unit is not None and unit.kind not in OFFICES:
                found[one.account_id].add(unit.path)
    grants = Grant.objects.on(day).filter(account__in=[one.account_id for one in rows]).exclude(org__kind__in=OFFICES)
    for account_id, path in grants.values_list("account_id", "org__path"):
        found[account_id].add(path)
    return found


def is_conflict(school: OrgUnit, at_work: Iterable[str], stays_off: Iterable[str]) -> bool:
    """Whether an inspector must not go there: their own school or a campus of it, or a unit that they stay off."""
    return any(school.path.startswith(path) or path.startswith(school.path) for path in at_work) or any(
        school.path.startswith(path) for path in stays_off
    )


def conflicting(accounts: Sequence[Account], school: OrgUnit, day: date) -> list[Account]:
    """Those of these who must not inspect a school, by the same rule as in a draw, registered as inspectors or not. Four queries."""
    rows = Inspector.objects.filter(account__in=[one.pk for one in accounts], ended_on__isnull=True)
    registered = list(rows.select_related("account__home", "works_at").prefetch_related("stays_off"))
    off: dict[int, list[str]] = defaultdict(list)
    for each in registered:
        off[each.account_id] += [unit.path for unit in each.stays_off.all()]
    at_work = workplaces([*registered, *(Inspector(account=one) for one in accounts)], day)
    return [one for one in accounts if is_conflict(school, at_work[one.pk], off[one.pk])]


def listing_of(campaign: Campaign, *, wanted: int, per_visit: int, by: Viewer) -> Listing:
    """The list that a draw is made of, as things stand."""
    schools = schools_for(campaign, by.today)
    lots, _drawn = lots_at(campaign.org)
    facts = facts_of(schools, by)
    cross = campaign.kind == CampaignKind.CROSS
    met = _met(schools) if cross else {}
    still = _left_open(campaign, schools)
    candidates = []
    for one in schools:
        weight, why = lots_of(facts[one.pk], lots)
        if one.pk in still:
            why["followed"] = (still[one.pk], 0)
        first = one.pk in still if still else is_first(facts[one.pk], lots)
        candidates.append(Candidate(str(one.public_id), one.name, weight, why, first=first, met=met.get(one.pk, {})))
    inspectors = inspectors_for(campaign, by.today)
    at_work = workplaces(inspectors, by.today)
    hands = []
    for each in inspectors:
        off = [unit.path for unit in each.stays_off.all()]
        not_at = [str(one.public_id) for one in schools if is_conflict(one, at_work[each.account_id], off)]
        of = _works_at(each, schools) if cross else ""
        hands.append(Hand(str(each.account.public_id), of, tuple(not_at)))
    return Listing(
        str(campaign.public_id), len(schools) if cross else wanted, per_visit, candidates, hands, cross=cross
    )


def _left_open(campaign: Campaign, schools: Sequence[OrgUnit]) -> dict[int, int]:
    """In a follow-up: how many findings of the office are open at each school; these schools are drawn before all others."""
    if campaign.kind != CampaignKind.FOLLOW_UP:
        return {}
    rows = left_open(campaign.org_id).filter(org__in=[one.pk for one in schools]).values_list("org")
    return dict(rows.annotate(n=Count("pk")))


def _works_at(inspector: Inspector, schools: Sequence[OrgUnit]) -> str:
    """The school for which somebody inspects in cross-checks: where they are registered to work, else their unit."""
    unit = inspector.works_at or inspector.account.home
    path = unit.path if unit is not None else "-"
    return next((str(one.public_id) for one in schools if path.startswith(one.path)), "")


def _met(schools: Sequence[OrgUnit]) -> Mapping[int, Mapping[str, int]]:
    """Which schools inspected each of these in earlier rounds, and how often."""
    rows = Visit.objects.filter(org__in=schools, kind=CampaignKind.CROSS, state__in=BEEN).order_by()
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for org_id, checker, count in rows.values_list("org", "office__public_id").annotate(n=Count("pk")):
        found[org_id][str(checker)] = count
    return found
