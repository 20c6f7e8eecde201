"""The backup that nobody has to think of: into the folder of HOUQIN_BACKUP_DIR."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.config.backup import lately
from houqin.config.backup.actions import note_made
from houqin.config.backup.writing import back_up
from houqin.core.jobs.registry import job, periodic
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import system_viewer


@periodic("backup.daily", every=timedelta(hours=1))
@job(_("Back up"))
def back_up_daily() -> None:
    """Back up when it is time and a folder is set; a disk that is not there fails the job, which operators see."""
    folder = settings.BACKUP_FOLDER
    if not folder or not lately.is_due(timezone.now()):
        return
    if not Path(folder).is_dir():
        # Made anew it would lie on the computer's own disk, under the place where the USB disk is missing.
        raise Refused(_("The folder of backups is not there: %s. Is its disk plugged in?") % folder)
    made = back_up(
        Path(folder),
        passphrase=settings.BACKUP_PASSPHRASE,
        report=lambda _done, _total, _title: None,
        keys=Path(settings.BACKUP_KEYS_FOLDER) if settings.BACKUP_KEYS_FOLDER else None,
        keep=settings.BACKUP_KEEP,
    )
    note_made(made, by=system_viewer())
