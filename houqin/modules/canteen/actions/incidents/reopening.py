"""The kitchen opens again on a written release, and by another person than the one who noted it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.actions import keep_photo
from houqin.core.files.pictures import Upload
from houqin.core.places.actions import release
from houqin.core.places.models import Stop
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case
from houqin.flows.duties.actions.suspending import lift_suspension
from houqin.flows.duties.models import Suspension
from houqin.modules.canteen.actions.incidents.holding import LEAD, done_by_the_way, held, require_no_name, unasked
from houqin.modules.canteen.actions.stopping import release_kitchen
from houqin.modules.canteen.models import Incident, KitchenStop

titled({
    "canteen.release_noted": gettext_lazy("Written release noted"),
    "canteen.kitchen_reopened": gettext_lazy("Kitchen opened again"),
})  # fmt: skip


@verb
def note_release(case: Case, *, by: Viewer, body: str, number: str = "", photo: Upload | None = None) -> Incident:
    """Note the written release: which authority, its number, a photo of the paper. The kitchen stays closed until another opens it.

    Anybody of the school may note the paper: where one person leads, that one is left to read it and open.
    """
    row = held(case, by)
    if row.drill:
        raise Refused(_("Nothing was stopped in a drill, so nothing is released. End the drill."))
    incident: Incident = Incident.objects.select_for_update().get(case=row)
    if incident.reopened_at is not None:
        raise Refused(_("The kitchen is open again already."))
    if not body.strip():
        raise Refused(_("Write which authority released the kitchen."), field="body")
    if not number.strip() and photo is None:
        raise Refused(
            _("A word by telephone is not enough: write the number of the paper or take a photo of it."), field="number"
        )
    require_no_name(row, by, f"{body} {number}", field="body")
    incident.release_body, incident.release_number = body.strip()[:80], number.strip()[:60]
    incident.released_at, incident.released_by_id = by.moment, by.account_id
    if photo is not None:
        incident.release_photo = keep_photo(row.org, by=by, upload=photo, permission="cases.view", name=row.number)
    incident.full_clean()
    incident.save()
    record("canteen.release_noted", row, by=by, org=row.org, body=incident.release_body, number=incident.release_number)
    return incident


@verb
def reopen_kitchen(case: Case, *, by: Viewer) -> Incident:
    """Open the kitchen again: what was stopped is released, duties that rested are asked again."""
    row = held(case, by)
    require(by, LEAD, at=row.org)
    incident: Incident = Incident.objects.select_for_update().get(case=row)
    if incident.reopened_at is not None:
        raise Refused(_("The kitchen is open again already."))
    if incident.released_at is None:
        raise Refused(_("The kitchen opens again on a written release only. Note the paper first."))
    if incident.released_by_id == by.account_id:
        raise Refused(_("You noted the release yourself. Another person reads the paper and opens the kitchen."))
    incident.reopened_at, incident.reopened_by_id = by.moment, by.account_id
    incident.full_clean()
    incident.save(update_fields=["reopened_at", "reopened_by"])
    paper = " ".join(filter(None, [incident.release_body, incident.release_number]))
    # whoever stopped it may open it here: one person noted the paper, another has read it
    open_again(incident, unasked(by), paper)
    record("canteen.kitchen_reopened", row, by=by, org=row.org)
    done_by_the_way(row, "reopen", by, paper)
    return incident


def open_again(incident: Incident, by: Viewer, why: str) -> None:
    """Release kitchen and places that were stopped for it, and let rested duties be asked again; inside a verb."""
    for kitchen in KitchenStop.objects.standing().filter(source=incident.subject).select_related("org"):
        release_kitchen(kitchen, by=by, reason=why[:200])
    for stop in Stop.objects.standing().filter(source=incident.subject).select_related("place__org"):
        release(stop.place, by=by, reason=why[:200], source=incident.subject)
    for rest in Suspension.objects.filter(cause_id=str(incident.case.public_id), lifted_at__isnull=True):
        lift_suspension(rest, by=unasked(by), why=why[:200])
