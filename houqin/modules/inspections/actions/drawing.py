"""双随机: the list and a hidden seed are committed first, then drawn; schools and inspectors follow from both."""

import secrets
from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.actions.planning import running, visit_days
from houqin.modules.inspections.actions.visiting import plan_visit
from houqin.modules.inspections.candidates import listing_of
from houqin.modules.inspections.drawing import CannotDraw, Listing, Taken, commitment_of, draw_of
from houqin.modules.inspections.following import taken_in
from houqin.modules.inspections.models import Campaign, CampaignKind, Draw
from houqin.modules.inspections.policies import lots_at

titled(
    {
        "inspections.committed": _("Draw committed"),
        "inspections.drawn": _("Schools and inspectors drawn"),
    }
)


@verb
def commit_draw(campaign: Campaign, *, by: Viewer, wanted: int) -> Draw:
    """Fix the list of schools and inspectors and a seed that nobody knows, and publish SHA-256 of both."""
    row = running(campaign, by)
    if row.kind == CampaignKind.SELF:
        raise Refused(_("Schools that check themselves are chosen, not drawn."))
    if row.draws.filter(drawn_at__isnull=True).exists():
        raise Refused(_("A draw is committed already. Draw it first."))
    _lots, per_visit = lots_at(row.org)
    listing = listing_of(row, wanted=wanted, per_visit=per_visit, by=by)
    if not 1 <= wanted <= len(listing.schools) and not listing.cross:
        raise Refused(
            _("Between 1 and %(count)s schools can be drawn.") % {"count": len(listing.schools)}, field="wanted"
        )
    if listing.cross and len(listing.schools) < 2:
        raise Refused(_("Cross-checks need at least two schools."))
    _check_inspectors(listing)
    seed = secrets.token_hex(32)
    made = Draw.objects.create(
        campaign=row, wanted=listing.wanted, listing=listing.text, seed=seed, committed_at=by.now,
        commitment=commitment_of(seed, listing.text), account_id=by.account_id,
    )  # fmt: skip
    record("inspections.committed", made, by=by, org=row.org, commitment=made.commitment)
    return made


def _check_inspectors(listing: Listing) -> None:
    """That there are enough without a conflict for every school: whichever is drawn, the draw then succeeds."""
    short = ""
    if listing.cross:
        try:
            draw_of("", listing)
        except CannotDraw as error:
            short = error.school
    else:
        enough = [
            one.id for one in listing.schools
            if sum(one.id not in hand.not_at for hand in listing.inspectors) >= listing.per_visit
        ]  # fmt: skip
        short = next((one.id for one in listing.schools if one.id not in enough), "")
    if short:
        name = next(one.name for one in listing.schools if one.id == short)
        told = _("For %(school)s there are fewer than %(count)s inspectors who may go there. Register more.")
        raise Refused(told % {"school": name, "count": listing.per_visit})


@verb
def draw(draw: Draw, *, by: Viewer) -> Draw:
    """Draw what was committed: the seed is shown, and the schools that it gives are planned with their inspectors."""
    Draw.objects.select_for_update(of=("self",)).filter(pk=draw.pk).first()
    row: Draw = Draw.objects.select_related("campaign").get_visible(by, pk=draw.pk)
    campaign = running(row.campaign, by)
    if row.drawn_at is not None:
        raise Refused(_("It is drawn already."))
    row.drawn_at = by.now
    row.save(update_fields=["drawn_at"])
    taken = draw_of(row.seed, Listing.read(row.listing))
    skipped = _plan(row, campaign, taken, by)
    record(
        "inspections.drawn", row, by=by, org=campaign.org, schools=len(taken) - len(skipped), skipped=len(skipped),
        **({"passed_over": skipped} if skipped else {}),
    )  # fmt: skip
    return row


def _plan(row: Draw, campaign: Campaign, taken: list[Taken], by: Viewer) -> list[str]:
    """A visit for each school, as far as it can be planned; those that are passed over, each with the reason.

    What was committed is drawn whatever happened meanwhile, so nothing here stops a draw.
    """
    units = _units({one.school for one in taken} | {one.checker for one in taken if one.checker})
    accounts = {str(one.public_id): one for one in Account.objects.filter(
        public_id__in={each for one in taken for each in one.inspectors}
    )}  # fmt: skip
    skipped, left = [], []
    visited = {str(pk) for pk in taken_in(campaign).values_list("org__public_id", flat=True)}
    names = {one.id: one.name for one in Listing.read(row.listing).schools}
    for one in taken:
        if one.school in visited:
            skipped.append(_passed_over(names[one.school], _("it has a visit in this campaign already.")))
        elif one.school not in units or (one.checker and one.checker not in units):
            skipped.append(_passed_over(names[one.school], _("a unit is closed.")))
        else:
            left.append(one)
    for one, day in zip(left, visit_days(campaign, len(left), by.today), strict=True):
        try:
            plan_visit(
                units[one.school], by=by, office=units[one.checker] if one.checker else campaign.org, kind=campaign.kind,
                lists=campaign.checklists, planned_on=day, inspectors=[accounts[each] for each in one.inspectors],
                campaign=campaign, draw=row, unannounced=campaign.kind == CampaignKind.UNANNOUNCED,
            )  # fmt: skip
        except Refused as refusal:
            skipped.append(_passed_over(names[one.school], refusal.message))
        except NotVisible:
            skipped.append(_passed_over(names[one.school], _("it is no school of this office any more.")))
    return skipped


def _passed_over(school: str, why: StrOrPromise) -> str:
    return gettext("%(school)s was passed over: %(why)s") % {"school": school, "why": why}


def _units(ids: set[str]) -> Mapping[str, OrgUnit]:
    return {str(one.public_id): one for one in OrgUnit.objects.filter(public_id__in=ids, closed_on__isnull=True)}
