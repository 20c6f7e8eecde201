"""A value out of limits that stands opens its finding in the same transaction; nobody types it."""

from django.urls import reverse

from houqin.core.events.bus import on
from houqin.core.events.models import Event
from houqin.core.scope.viewer import system_viewer
from houqin.flows.ledgers.definitions import definitions
from houqin.flows.ledgers.models import Breach
from houqin.flows.rectify.actions.opening import Found, Source, open_finding
from houqin.flows.rectify.actions.settling import BREACH
from houqin.flows.rectify.models import CauseKind, Severity


@on("ledgers.breached", mode="inline")
def find_breach(event: Event) -> None:
    """The thing is the ledger's column at its place; the post that keeps the ledger answers for it."""
    breach = Breach.objects.select_related("org").get(public_id=event.subject_id)
    open_finding(
        breach.org,
        by=system_viewer(now=event.at),
        found=found_of(breach),
        source=Source(
            CauseKind.LEDGER,
            f"{BREACH}{breach.public_id}",
            breach.found_at,
            str(breach),
            reverse("ledgers:breaches-detail", args=[breach.public_id]),
        ),
        place=breach.place,
        ordered=True,
    )


def found_of(breach: Breach) -> Found:
    """A value out of limits as what was found."""
    return Found(
        title=f"{breach.column} {breach.value}".strip(),
        detail=breach.remark,
        standard=breach.limit,
        basis=breach.source,
        severity=Severity.GENERAL if breach.by_law else Severity.MINOR,
        topic=f"{breach.ledger}.{breach.key.rpartition('.')[2]}",
        post=next((one.post for one in definitions(breach.day) if one.code == breach.ledger), ""),
    )
