"""Checking a chain when somebody asks, and keeping what was found."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.jobs import progress
from houqin.core.jobs.registry import job
from houqin.core.scope.refusals import require
from houqin.core.scope.viewer import Viewer
from houqin.flows.seals import checking
from houqin.flows.seals.models import Chain, ChainCheck

AT_ONCE = 2_000  # seals: a tenth of a second; longer chains are checked by the worker
titled({"seals.checked": _("Chain of seals checked")})


@verb
def check_chain(chain: Chain, *, by: Viewer) -> ChainCheck:
    """Check every header, content and checkpoint of a unit's chain; a long one is checked in the background."""
    require(by, "seals.check", at=chain.org)
    running: ChainCheck | None = ChainCheck.objects.filter(org=chain.org, state=ChainCheck.State.RUNNING).first()
    if running is not None:
        return running
    made: ChainCheck = ChainCheck.objects.create(org=chain.org, account_id=by.account_id, started_at=by.now)
    record("seals.checked", chain, by=by, org=chain.org, seals=chain.length, check=made)
    if chain.length <= AT_ONCE:
        keep_result(made, checking.check(chain))
    else:
        run_check.enqueue(check=str(made.public_id))
    return made


def keep_result(check: ChainCheck, result: checking.Result) -> None:
    """Write down what a check found."""
    check.state = ChainCheck.State.CLEAN if result.clean else ChainCheck.State.FAULTY
    check.result, check.finished_at = plain(checking.told(result)), timezone.now()
    check.save(update_fields=["state", "result", "finished_at"])


def plain(result: dict[str, Any]) -> dict[str, Any]:
    """As JSON holds it."""
    found: dict[str, Any] = json.loads(json.dumps(result, cls=DjangoJSONEncoder))
    return found


@job(_("Check a chain of seals"))
def run_check(check: str) -> None:
    """Check in the background; safe to run twice."""
    found = ChainCheck.objects.select_related("org").get(public_id=check)
    if found.state != ChainCheck.State.RUNNING:
        return
    chain = Chain.objects.select_related("org").get(org=found.org)
    key = found.progress_key
    keep_result(found, checking.check(chain, report=lambda done, total: progress.report(key, done, total)))
    progress.forget(key)
