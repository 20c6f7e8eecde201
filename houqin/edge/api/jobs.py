"""Messages to other systems, and housekeeping of the open door."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.edge.api import telling
from houqin.edge.api.models import Delivery, SentDeed, Webhook

KEPT = timedelta(days=14)
"""As long as a program may send a deed again."""
LOG_KEPT = timedelta(days=31 * Delivery.RETENTION_MONTHS)


@job(_("Tell another system"))
def tell_system(delivery_id: int) -> None:
    """Try one message at once; what fails is tried again by the clock."""
    telling.send(delivery_id, timezone.now())


@periodic("api.tell_again", every=timedelta(minutes=1))
@job(_("Tell other systems again that did not answer"))
def tell_again() -> None:
    """Try what is due."""
    for pk in telling.due(timezone.now()):
        telling.send(pk, timezone.now())


@periodic("api.sweep", every=timedelta(days=1))
@job(_("Forget what no program sends again, and old messages"))
def sweep() -> None:
    """Take away keys of deeds older than any repeat, and messages that are settled and old."""
    now = timezone.now()
    SentDeed.objects.filter(at__lt=now - KEPT).delete()
    settled = Delivery.objects.exclude(state=Delivery.State.WAITING, webhook__state=Webhook.State.ON)
    settled.filter(made_at__lt=now - LOG_KEPT).delete()
