"""停供: a named person stops a kitchen and names what is eaten instead; another person releases it."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.notices.actions import tell
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import Kind, OrgUnit, SchoolFacts
from houqin.core.people.models import Account
from houqin.core.places.actions import release, stop_use
from houqin.core.places.models import Place, Stop
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.cases.models import CaseState
from houqin.flows.duties.reminding_readers import readers_of
from houqin.modules.canteen.models import Ill, Incident, KitchenStop

SUBJECT_KIND, KITCHEN = "kitchen-stop", "kitchen"
TOLD = ("cook", "canteen-manager", "storekeeper", "class-teacher", "logistics-director", "principal")
titled({"canteen.kitchen_stopped": _("Kitchen stopped"), "canteen.kitchen_released": _("Kitchen released")})


@verb
def stop_kitchen(
    org: OrgUnit, *, by: Viewer, reason: str, instead: str, boarders_instead: str = "", source: Subject | None = None
) -> KitchenStop:
    """Stop a kitchen: nothing is given out for cooking until it is released. Never without a meal; boarders always eat.

    Its rooms carry the mark everywhere, and everybody who cooks or eats there is told what is eaten instead.
    """
    require(by, "canteen.stop_kitchen", at=org)
    if by.account_id is None:
        raise Refused(_("A person decides that a kitchen stops."))
    org = OrgUnit.objects.select_for_update(no_key=True).get(pk=org.pk)
    if org.kind != Kind.SCHOOL:
        raise Refused(_("A school stops its kitchen. Choose the school."))
    if source is not None and not org.path.startswith(source.org.path):
        raise NotVisible
    if KitchenStop.objects.standing().filter(org=org).exists():
        raise Refused(_("This kitchen is stopped already."))
    for text, field in ((reason, "reason"), (instead, "instead")):
        if not text.strip():
            raise Refused(_("Write why, and what the children eat instead."), field=field)
    facts = SchoolFacts.objects.in_force(by.today).filter(org=org).first()
    if facts is not None and facts.boarders and not boarders_instead.strip():
        raise Refused(_("Boarders eat three times a day. Write what they eat until then."), field="boarders_instead")
    row = KitchenStop(
        org=org, subject=Subject.objects.create(kind=SUBJECT_KIND, org=org, label=f"{org.name} {_('Kitchen stopped')}"),
        source=source, reason=reason.strip()[:200], instead=instead.strip()[:200],
        boarders_instead=boarders_instead.strip()[:200], since=by.moment, decided_by_id=by.account_id,
    )  # fmt: skip
    row.full_clean()
    row.save()
    for place in Place.objects.filter(org__path__startswith=org.path, use=KITCHEN, closed_on__isnull=True):
        stop_use(place, by=by, reason=row.reason, source=row.subject)
    record("canteen.kitchen_stopped", row, by=by, org=org, reason=row.reason, instead=row.instead)
    emit("canteen.kitchen_stopped", by=by, org=org, subject=row)
    tell(
        _readers(org, by), lambda: (f"{org.name} · {_('Kitchen stopped')}", f"{row.reason}\n{row.instead}\n{row.boarders_instead}"),
        by=by, org=org, level=Notice.Level.NOW,
    )  # fmt: skip
    return row


@verb
def release_kitchen(stop: KitchenStop, *, by: Viewer, reason: str) -> KitchenStop:
    """Release a kitchen, and say why it may cook again; never by who stopped it.

    One that opens on a written release opens by itself, for whoever read the paper.
    """
    require(by, "canteen.stop_kitchen", at=stop.org)
    row: KitchenStop = (
        KitchenStop.objects.select_for_update(of=("self",)).select_related("org", "decided_by").get(pk=stop.pk)
    )
    if row.released_at is not None:
        raise Refused(_("This kitchen is released already."))
    same = row.decided_by_id == by.account_id or (by.person_id is not None and row.decided_by.person_id == by.person_id)
    if same and not by.is_system:
        raise Refused(_("You stopped the kitchen. Somebody else looks at it and releases it."))
    if not reason.strip():
        raise Refused(_("Write the reason."), field="reason")
    _check_not_evidence(row)
    row.released_at, row.released_why = by.moment, reason.strip()[:200]
    row.released_by_id = None if same else by.account_id
    row.save(update_fields=["released_at", "released_by", "released_why"])
    for held in Stop.objects.standing().filter(source=row.subject_id).select_related("place__org"):
        release(held.place, by=by, reason=row.released_why, source=row.subject)
    record("canteen.kitchen_released", row, by=by, org=row.org, reason=row.released_why)
    emit("canteen.kitchen_released", by=by, org=row.org, subject=row)
    return row


def _check_not_evidence(row: KitchenStop) -> None:
    """A kitchen in which people may have been poisoned is not released here."""
    sealed = Incident.objects.filter(subject=row.source_id, reopened_at__isnull=True, case__state=CaseState.OPEN)
    if row.source_id and Ill.objects.standing().filter(case__in=sealed.values("case")).exists():
        raise Refused(
            _(
                "It is stopped for a suspected food poisoning. It opens on the written release, on the page of the first two hours."
            )
        )


def check_not_stopped(org: OrgUnit) -> None:
    """Nothing is given out for cooking while the kitchen is stopped."""
    stop = KitchenStop.objects.standing().filter(org__path__in=[*org.ancestor_paths, org.path]).first()
    if stop is not None:
        raise Refused(
            _("The kitchen is stopped: %(reason)s. Eaten instead: %(instead)s.")
            % {"reason": stop.reason, "instead": stop.instead}
        )


def _readers(org: OrgUnit, by: Viewer) -> list[Account]:
    """Who cooks there, and who has to tell the children."""
    found = readers_of({(org.pk, post) for post in TOLD}, by.today)
    return [account for accounts in found.values() for account in accounts]
