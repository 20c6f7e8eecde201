"""A backup takes everything out of the house, and a restored one brings it back: both stand on the trail."""

from django.utils.translation import gettext_lazy as _

from houqin.config.backup import lately
from houqin.config.backup.restoring import Restored
from houqin.config.backup.writing import Made
from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.viewer import Viewer

titled({"backup.made": _("Backup made"), "backup.restored": _("Backup restored")})


@verb
def note_made(made: Made, *, by: Viewer) -> None:
    """Write down where the backup lies and what it holds, for the trail and for the doctor of this machine."""
    told = made.manifest
    record(
        "backup.made", None, by=by, org=None, file=made.path.name, size_bytes=made.size_bytes, sha256=made.sha256,
        files=told.files, missing=len(told.missing), damaged=len(told.damaged), removed=made.removed,
    )  # fmt: skip
    lately.remember(made, by.now)


@verb
def note_restored(file: str, restored: Restored, *, by: Viewer) -> None:
    """Write down that what follows was recorded after a restore: checkpoints kept elsewhere may say that the end was cut off."""
    record(
        "backup.restored", None, by=by, org=None, file=file, made_at=restored.manifest.made_at,
        chains=restored.chains, seals=restored.seals, broken=restored.broken,
    )  # fmt: skip
