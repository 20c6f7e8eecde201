"""How far a campaign is, what a draw gave, and what of it schools may read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate

from houqin.core.audit.models import AuditEntry
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.models import OPEN_STATES, Finding, FindingState
from houqin.modules.inspections.candidates import listing_of
from houqin.modules.inspections.drawing import Listing, draw_of
from houqin.modules.inspections.lists import lists_on
from houqin.modules.inspections.models import Campaign, CampaignKind, CampaignState, Draw, Visit, VisitState
from houqin.modules.inspections.policies import lots_at
from houqin.modules.inspections.words import reason_words

VIEW = "inspections.view"


@dataclass(frozen=True)
class Progress:
    """Visits of a campaign within reach."""

    planned: int
    under_way: int
    signed: int
    void: int

    @property
    def visits(self) -> int:
        """Those that were not called off."""
        return self.planned + self.under_way + self.signed


def progress_of(campaign: Campaign, viewer: Viewer) -> Progress:
    """Counts by state. One query."""
    rows = Visit.objects.visible_to(viewer).filter(campaign=campaign).order_by()
    states = Counter(rows.values_list("state", flat=True))
    under_way = states[VisitState.DEPARTED] + states[VisitState.UNDERWAY]
    return Progress(states[VisitState.PLANNED], under_way, states[VisitState.SIGNED], states[VisitState.VOID])


@dataclass(frozen=True)
class Found:
    """Findings of a campaign within reach, of any state but taken back."""

    count: int
    open: int


def findings_of(campaign: Campaign, viewer: Viewer) -> Found:
    """What its visits found. One query."""
    rows = Finding.objects.visible_to(viewer).filter(causes__campaign=str(campaign.public_id)).order_by()
    whole, left = Count("pk", distinct=True), Count("pk", filter=Q(state__in=OPEN_STATES), distinct=True)
    return Found(**rows.exclude(state=FindingState.VOID).aggregate(count=whole, open=left))


def lists_of(campaign: Campaign) -> list[str]:
    """What is inspected, by name."""
    known = lists_on(max(campaign.from_on, localdate()))
    return [str(known[code]) if code in known else code for code in campaign.checklists]


@dataclass(frozen=True)
class Shown:
    """A candidate as a page shows it."""

    id: str
    name: str
    weight: int
    why: Sequence[str]
    first: bool


def shown_candidates(listing: Listing) -> list[Shown]:
    """The schools of a list with their reasons in words, in the order of their names: no ranking."""
    found = [Shown(one.id, one.name, one.weight, reason_words(one.why), one.first) for one in listing.schools]
    return sorted(found, key=lambda one: one.name)


def candidates_of(campaign: Campaign, viewer: Viewer) -> dict[str, Any]:
    """What would be drawn from today."""
    _lots, per_visit = lots_at(campaign.org)
    listing = listing_of(campaign, wanted=0, per_visit=per_visit, by=viewer)
    return {
        "schools": shown_candidates(listing), "inspectors": len(listing.inspectors), "per_visit": per_visit,
        "lots": sum(one.weight for one in listing.schools),
    }  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A school that was drawn."""

    school: str
    name: str
    checker: str
    inspectors: Sequence[str]


def drawn_of(draw: Draw, listing: Listing) -> list[Line]:
    """The result in the order drawn, by name; nothing before it is drawn."""
    if draw.drawn_at is None:
        return []
    taken = draw_of(draw.seed, listing)
    names = {one.id: one.name for one in listing.schools}
    people = {str(one.public_id): str(one) for one in Account.objects.filter(
        public_id__in={each for one in taken for each in one.inspectors}
    )}  # fmt: skip
    return [
        Line(one.school, names[one.school], names.get(one.checker, ""), [people.get(each, each) for each in one.inspectors])
        for one in taken
    ]  # fmt: skip


def passed_over(draw: Draw) -> list[str]:
    """Which drawn schools got no visit, and why. One query."""
    entry = AuditEntry.objects.filter(event="inspections.drawn", subject_id=str(draw.public_id)).first()
    return list(entry.detail.get("passed_over", [])) if entry is not None else []


def published_draws(viewer: Viewer) -> QuerySet[Draw]:
    """Draws that offices made over the viewer's schools, as far as they are no secret: commitments at once, of unannounced campaigns at their end."""
    reach = within("campaign__org__path", viewer.paths_for(VIEW), inherited=True)
    rows: QuerySet[Draw] = Draw.objects.filter(reach).select_related("campaign__org")
    return rows.exclude(
        campaign__in=Campaign.objects.filter(kind=CampaignKind.UNANNOUNCED).exclude(state=CampaignState.ENDED)
    )


def to_set_out(viewer: Viewer) -> list[Visit]:
    """Unannounced visits that wait for the viewer to set out, each with what the day asks for; never their school."""
    rows = Visit.objects.to_depart(viewer).order_by("planned_on", "pk").prefetch_related("inspectors__account")
    return list(rows.defer("org"))


def own_schools(draw: Draw, viewer: Viewer) -> set[str]:
    """The public ids of the viewer's schools below the office that drew."""
    rows = OrgUnit.objects.visible_to(viewer, VIEW).under(draw.campaign.org.path).schools()
    return {str(one) for one in rows.values_list("public_id", flat=True)}


def record_of(draw: Draw) -> dict[str, Any]:
    """The published record, for the verifier."""
    taken = draw_of(draw.seed, Listing.read(draw.listing))
    return {
        "commitment": draw.commitment, "committed_at": draw.committed_at, "drawn_at": draw.drawn_at, "seed": draw.seed,
        "listing": draw.listing,
        "result": [{"school": one.school, "inspectors": list(one.inspectors), "checker": one.checker} for one in taken],
    }  # fmt: skip
