"""A finding can seal off the place or equipment that it is about: it carries its mark everywhere until it is released."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.pictures import Upload
from houqin.core.places.actions import stop_use
from houqin.core.places.models import Place, Stop
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.rectify.actions.opening import locked
from houqin.flows.rectify.actions.settling import release_sealed
from houqin.flows.rectify.models import Finding

SUBJECT_KIND = "finding"
titled({"rectify.sealed_off": _("Sealed off"), "rectify.unsealed": _("Seal taken off")})


@verb
def seal_off(finding: Finding, *, by: Viewer, stopped: Place, reason: str, photo: Upload | None = None) -> Stop:
    """Stop the use of a place or of equipment because of what was found there; closing the finding releases it."""
    row = locked(finding)
    require(by, "places.stop", at=row.org)
    if not row.is_open:
        raise Refused(_("This finding is settled already: %(state)s.") % {"state": row.get_state_display()})
    if not stopped.org.path.startswith(row.org.path):
        raise NotVisible
    if row.subject is None:
        row.subject = Subject.objects.create(kind=SUBJECT_KIND, org=row.org, label=str(row)[:200])
        row.save(update_fields=["subject"])
    stop = stop_use(stopped, by=by, reason=reason, source=row.subject, photo=photo)
    record("rectify.sealed_off", row, by=by, org=row.org, place=str(stopped), reason=reason)
    return stop


@verb
def unseal(finding: Finding, *, by: Viewer, reason: str) -> list[Stop]:
    """Release all that was sealed off because of a finding, and say why it may be used again; not by who sealed it."""
    row = locked(finding)
    require(by, "places.release", at=row.org)
    released = release_sealed(row, by, reason)
    if not released:
        raise Refused(_("Nothing is sealed off because of this finding."))
    record("rectify.unsealed", row, by=by, org=row.org, count=len(released), reason=reason)
    return released
