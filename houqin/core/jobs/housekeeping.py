"""What jobs leave behind is forgotten after a month: their results and the slots in which they ran."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from houqin.core.jobs.models import PeriodicSlot
from houqin.core.jobs.registry import job, periodic

KEPT = timedelta(days=31)


@periodic("jobs.forget", every=timedelta(days=1))
@job(_("Forget jobs that are done"))
def forget_jobs() -> None:
    """Once a day; what failed is forgotten as well, after everybody had a month to look."""
    before = timezone.now() - KEPT
    DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
    PeriodicSlot.objects.filter(slot__lt=before).delete()
