"""Whether there is a backup, and how old the newest one is that could be read back."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from houqin.config.health.findings import Finding

OLD = timedelta(days=2)
GUIDE = "docs/operations/backup.md"


def examine() -> Iterator[Finding]:
    """What this machine noted of its last backup."""
    from houqin.config.backup.lately import last

    found = last()
    if found is None:
        yield Finding(
            "backup", "mend" if settings.BACKUP_FOLDER else "note", _("No backup was made on this machine yet."),
            _("Run: houqin backup FOLDER, or set HOUQIN_BACKUP_DIR. See %s") % GUIDE,
        )  # fmt: skip
        return
    shown = {"at": timezone.localtime(found.at).strftime("%Y-%m-%d %H:%M"), "path": found.path}
    if found.missing or found.damaged:
        yield Finding(
            "backup", "mend",
            _("%(missing)d files are missing and %(damaged)d are damaged in the storage itself. Look into older backups.")
            % {"missing": found.missing, "damaged": found.damaged},
            _("See %s") % GUIDE,
        )  # fmt: skip
    if timezone.now() - found.at > OLD:
        yield Finding(
            "backup", "mend", _("The last backup that was read back is of %(at)s: %(path)s") % shown,
            _("Run: houqin backup FOLDER, or set HOUQIN_BACKUP_DIR. See %s") % GUIDE,
        )  # fmt: skip
    else:
        yield Finding("backup", "fine", _("The last backup that was read back is of %(at)s: %(path)s") % shown)
