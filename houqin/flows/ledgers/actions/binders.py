"""Asking for a binder, building it in the background, taking it away when its month is over."""

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.keeping import keep_file
from houqin.core.files.models import StoredFile
from houqin.core.grants.viewers import viewer_for
from houqin.core.jobs import progress
from houqin.core.jobs.registry import job, periodic
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Channel, Viewer, system_viewer
from houqin.flows.ledgers.binders.building import Builder
from houqin.flows.seals.models import Binder, Chain

SEE_NAMES, TAKE = "ledgers.see_names", "seals.check"
LONGEST = timedelta(days=400)
KEPT = timedelta(days=30)
MEDIA_TYPE = "application/zip"
titled({
    "ledgers.binder_asked": gettext_lazy("Binder asked for"),
    "ledgers.binder_built": gettext_lazy("Binder put together"),
    "ledgers.binder_taken": gettext_lazy("Binder taken home"),
    "ledgers.binder_expired": gettext_lazy("Binder expired"),
})  # fmt: skip


@verb
def ask_binder(*, by: Viewer, org: OrgUnit, first: date, last: date, names: bool = False) -> Binder:
    """Have a unit's records of a period put together as one ZIP; it lies ready for a month."""
    require(by, TAKE, at=org)
    if names:
        require(by, SEE_NAMES, at=org)
    if last < first:
        raise Refused(_("The last day lies before the first. Write them the other way round."), field="last")
    if last - first > LONGEST:
        raise Refused(_("A binder holds a year at most. Ask for one a year."), field="last")
    if not Chain.objects.filter(org=org, length__gt=0).exists():
        raise Refused(_("%s has no sealed records yet, so there is nothing to put into a binder.") % org, field="org")
    same = {"org": org, "first": first, "last": last, "names": names, "account_id": by.account_id}
    running: Binder | None = Binder.objects.filter(**same, state=Binder.State.BUILDING).first()
    if running is not None:
        return running
    made: Binder = Binder.objects.create(**same, asked_at=by.now)
    record("ledgers.binder_asked", made, by=by, org=org, first=first, last=last, names=names)
    build_binder.enqueue(binder=str(made.public_id))
    return made


@job(gettext_lazy("Put a binder together"), queue="imports")
def build_binder(binder: str) -> None:
    """Build it into a file beside, then keep it; safe to run twice."""
    found = Binder.objects.select_related("org", "account").get(public_id=binder)
    if found.state != Binder.State.BUILDING:
        return
    by, key = _viewer(found), found.progress_key
    language = found.account.language if found.account else "zh-hans"
    with tempfile.TemporaryDirectory() as folder, translation.override(language):
        path = Path(folder) / "binder.zip"
        result = Builder(found, by, path, lambda done, total: progress.report(key, done, total)).build()
        with path.open("rb") as file, transaction.atomic():
            _keep(found, by, StoredFile(blob=keep_file(file, MEDIA_TYPE)), result)
    progress.forget(key)


def _keep(binder: Binder, by: Viewer, file: StoredFile, result: dict[str, int]) -> None:
    """The file with the permission that its content asks for."""
    file.org, file.name = binder.org, f"{binder.org.name} {binder.first} {binder.last}"[:120]
    file.permission = SEE_NAMES if binder.names else TAKE
    file.data_class = DataClass.PERSONAL if binder.names else DataClass.OPERATIONAL
    file.stored_at, file.account = by.now, binder.account
    file.save()
    binder.file, binder.state, binder.finished_at, binder.result = file, Binder.State.READY, timezone.now(), result
    binder.save(update_fields=["file", "state", "finished_at", "result"])
    record("ledgers.binder_built", binder, by=by, org=binder.org, **result)


def _viewer(binder: Binder) -> Viewer:
    """Whoever asked, with what they may see now; without names nobody's are seen, not even one's own."""
    by = viewer_for(binder.account, channel=Channel.JOB) if binder.account else system_viewer()
    if not binder.account:
        return by
    require(by, TAKE, at=binder.org)
    if binder.names:
        require(by, SEE_NAMES, at=binder.org)
        return by
    reaches = tuple(replace(reach, permissions=reach.permissions - {SEE_NAMES}) for reach in by.reaches)
    return replace(by, reaches=reaches, account_id=None)


@verb
def take_binder(binder: Binder, *, by: Viewer) -> StoredFile:
    """Hand the file out, which is recorded; only to those who may see what is in it."""
    require(by, SEE_NAMES if binder.names else TAKE, at=binder.org)
    if binder.file is None:
        raise Refused(_("This binder is not here any more. Ask for another; it holds the same records."))
    record("ledgers.binder_taken", binder, by=by, org=binder.org, names=binder.names)
    return binder.file


@verb
def expire_binders(*, by: Viewer) -> int:
    """Take away the files of binders that lay ready for a month; returns how many."""
    due = Binder.objects.select_for_update(of=("self",)).filter(state=Binder.State.READY, finished_at__lt=by.now - KEPT)
    rows = list(due.select_related("org", "file"))
    for row in rows:
        file, row.file, row.state = row.file, None, Binder.State.GONE
        row.save(update_fields=["file", "state"])
        if file is not None:
            file.delete()
        record("ledgers.binder_expired", row, by=by, org=row.org)
    return len(rows)


@periodic("ledgers.expire_binders", every=timedelta(days=1))
@job(gettext_lazy("Take away binders that nobody fetches any more"))
def sweep_binders() -> None:
    """Once a day; the receipts stay."""
    expire_binders(by=system_viewer())
