"""The hand-over package: put together by a job, taken, handed over against a receipt."""

import tempfile
from pathlib import Path

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.keeping import keep_file
from houqin.core.files.models import StoredFile
from houqin.core.jobs.registry import job
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.incidents.holding import LEAD, done_by_the_way, held
from houqin.modules.canteen.models import HandOver
from houqin.modules.canteen.queries.incidents.package import build

titled({
    "canteen.package_asked": gettext_lazy("Hand-over package asked for"),
    "canteen.package_built": gettext_lazy("Hand-over package put together"),
    "canteen.package_taken": gettext_lazy("Hand-over package taken"),
    "canteen.package_received": gettext_lazy("Hand-over confirmed"),
})  # fmt: skip
TAKE = "canteen.trace"


@verb
def ask_package(case: Case, *, by: Viewer) -> HandOver:
    """Have menus, lots and papers, morning checks, process records and the hand-over form of the samples put into one ZIP."""
    row = held(case, by)
    require(by, TAKE, at=row.org)
    running: HandOver | None = HandOver.objects.filter(case=row, finished_at__isnull=True).first()
    if running is not None:
        return running
    made: HandOver = HandOver.objects.create(org=row.org, case=row, asked_at=by.now, account_id=by.account_id)
    record("canteen.package_asked", made, by=by, org=row.org, case=row.number)
    build_package.enqueue(package=str(made.public_id))
    return made


@job(gettext_lazy("Put a hand-over package together"), queue="imports")
def build_package(package: str) -> None:
    """Build it into a file beside, then keep it; safe to run twice."""
    made = HandOver.objects.select_related("case__org", "case__incident__meal__org", "org", "account").get(
        public_id=package
    )
    if made.finished_at is not None:
        return
    by, language = system_viewer(), made.account.language if made.account else "zh-hans"
    with tempfile.TemporaryDirectory() as folder, translation.override(language):
        path = Path(folder) / "package.zip"
        files = build(made.case, path)
        with path.open("rb") as file, transaction.atomic():
            made.file = StoredFile.objects.create(
                org=made.org, blob=keep_file(file, "application/zip"), data_class=DataClass.OPERATIONAL, permission=TAKE,
                name=f"{made.org.name} {made.case.number}"[:120], stored_at=by.now, account=made.account,
            )  # fmt: skip
            made.finished_at = timezone.now()
            made.save(update_fields=["file", "finished_at"])
            record("canteen.package_built", made, by=by, org=made.org, files=files)


@verb
def take_package(package: HandOver, *, by: Viewer) -> StoredFile:
    """Hand the file out, which is recorded."""
    require(by, TAKE, at=package.org)
    if package.file is None:
        raise Refused(_("It is still being put together. Look again in a minute."))
    record("canteen.package_taken", package, by=by, org=package.org)
    return package.file


@verb
def receive_package(package: HandOver, *, by: Viewer, received_by: str, received_body: str) -> HandOver:
    """Note who of which authority received papers and samples; signed on the printed form besides."""
    case = held(package.case, by)
    require(by, LEAD, at=case.org)
    row: HandOver = HandOver.objects.select_for_update(of=("self",)).get(pk=package.pk)
    if row.received_at is not None:
        raise Refused(_("%(who)s has received it already.") % {"who": row.received_by})
    if row.file_id is None:
        raise Refused(_("It is still being put together. Look again in a minute."))
    if not received_by.strip() or not received_body.strip():
        raise Refused(_("Write who received it and of which authority."), field="received_by")
    row.received_by, row.received_body, row.received_at = (
        received_by.strip()[:60],
        received_body.strip()[:80],
        by.moment,
    )
    row.save(update_fields=["received_by", "received_body", "received_at"])
    record("canteen.package_received", row, by=by, org=case.org, who=row.received_by, body=row.received_body)
    done_by_the_way(case, "hand-over", by, f"{row.received_body} {row.received_by}")
    return row
