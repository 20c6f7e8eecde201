"""学校食堂登记与经营方式: the canteen's card, and a change of how it is run."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.actions import record_school_facts
from houqin.core.orgs.models import CanteenMode, Kind, OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import CanteenCard
from houqin.modules.canteen.queries.cards import card_of

titled({
    "canteen.registered": _("Canteen registered"),
    "canteen.mode_asked": _("Change of how the canteen is run asked for"),
    "canteen.mode_agreed": _("Change of how the canteen is run agreed"),
    "canteen.mode_declined": _("Change of how the canteen is run declined"),
})  # fmt: skip
CATERED = frozenset({CanteenMode.CONTRACTED, CanteenMode.ORDERED})


@verb
def register_canteen(
    org: OrgUnit, *, by: Viewer, valid_from: date, mode: str, reason: str = "", **particulars: Any
) -> CanteenCard:
    """Record what the canteen is from a day on. Another way of running it waits until the office has agreed."""
    require(by, "canteen.register", at=org)
    if org.kind != Kind.SCHOOL:
        raise Refused(_("Only a school has a canteen card. Choose the school."), field="org")
    OrgUnit.objects.select_for_update(no_key=True).get(pk=org.pk)
    before = card_of(org, valid_from)
    changes = before is not None and (before.mode, before.caterer_id) != (mode, _id(particulars.get("caterer")))
    if mode in CATERED and particulars.get("caterer") is None:
        raise Refused(_("Name the contractor or caterer: the office agrees to a firm, not to a way."), field="caterer")
    if changes and not reason.strip():
        raise Refused(_("Say why the canteen is to be run another way: the office decides on it."), field="reason")
    if changes and CanteenCard.objects.filter(org=org, state=CanteenCard.State.ASKED).exists():
        raise Refused(_("A change waits for the office already. It is decided first."), field="mode")
    card = CanteenCard(
        org=org, valid_from=valid_from, mode=mode, reason=reason.strip(), asked_by_id=by.account_id, asked_at=by.now,
        state=CanteenCard.State.ASKED if changes else CanteenCard.State.AGREED, **particulars,
    )  # fmt: skip
    card.full_clean()
    card.save()
    record("canteen.mode_asked" if changes else "canteen.registered", card, by=by, org=org, mode=mode, reason=reason)
    return card


@verb
def decide_canteen_mode(card: CanteenCard, *, by: Viewer, agreed: bool, answer: str = "") -> CanteenCard:
    """The office above agrees to another way of running a canteen, or declines with words; never who asked."""
    require(by, "canteen.approve_mode", at=card.org)
    row: CanteenCard = CanteenCard.objects.select_for_update(of=("self",)).select_related("org").get(pk=card.pk)
    if row.state != CanteenCard.State.ASKED:
        raise Refused(_("This is decided already: %(state)s.") % {"state": row.get_state_display()})
    if by.account_id == row.asked_by_id:
        raise Refused(_("You asked for this yourself. A second person has to decide."))
    if not agreed and not answer.strip():
        raise Refused(_("Say why not, so that the one who asked knows what to do."), field="answer")
    row.state = CanteenCard.State.AGREED if agreed else CanteenCard.State.DECLINED
    row.decided_by_id, row.decided_at, row.answer = by.account_id, by.now, answer.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    if agreed:
        record_school_facts(row.org, by=by, valid_from=row.valid_from, canteen_mode=row.mode)
    record("canteen.mode_agreed" if agreed else "canteen.mode_declined", row, by=by, org=row.org, answer=row.answer)
    return row


def _id(row: Any) -> int | None:
    return row.pk if row is not None else None
