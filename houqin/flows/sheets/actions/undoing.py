"""Taking back a merge that an import made."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.kinds import NAME_BOOKS
from houqin.flows.sheets.models import ImportProposal


@verb
def undo_proposal(proposal: ImportProposal, *, by: Viewer) -> ImportProposal:
    """Let two names that an import joined stand for themselves again; what was recorded under each stays there."""
    require(by, "sheets.import", at=proposal.org)
    proposal = ImportProposal.objects.select_for_update(of=("self",)).select_related("org", "run").get(pk=proposal.pk)
    if not proposal.can_be_undone:
        raise Refused(_("There is nothing to undo here."))
    NAME_BOOKS[proposal.sort].undo(proposal.org, proposal.name, by=by)
    proposal.undone_at = timezone.now()
    proposal.save(update_fields=["undone_at"])
    record("sheets.undone", proposal.run, by=by, org=proposal.org, name=proposal.name, same_as=proposal.same_as)
    return proposal
