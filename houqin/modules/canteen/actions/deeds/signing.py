"""A second person looks at entries that are large."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import StockEntry

titled({"canteen.entry_countersigned": _("Stock entry countersigned")})


@verb
def countersign_entry(entry: StockEntry, *, by: Viewer) -> StockEntry:
    """Agree to a large entry of somebody else. Who does not agree has it put right."""
    rows = StockEntry.objects.select_for_update(of=("self",)).select_related("org", "lot__product")
    held: StockEntry = rows.get(pk=entry.pk)
    require(by, "canteen.countersign", at=held.org)
    if by.account_id is None or by.account_id == held.account_id:
        raise Refused(_("You made this entry yourself. A second person has to look at it."))
    if held.reversed_at:
        raise Refused(_("%(entry)s has been taken back: there is nothing to countersign.") % {"entry": held})
    if held.signed_at:
        raise Refused(_("%(entry)s is countersigned already by %(name)s.") % {"entry": held, "name": held.signed_by})
    if not held.must_sign:
        raise Refused(_("%(entry)s needs no second person.") % {"entry": held})
    held.signed_by_id, held.signed_at = by.account_id, by.moment
    held.save(update_fields=["signed_by", "signed_at"])
    record("canteen.entry_countersigned", held, by=by, org=held.org, number=held.number, grams=held.grams)
    return held
