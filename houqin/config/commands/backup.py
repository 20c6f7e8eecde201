"""``houqin backup`` and ``houqin restore``."""

import os
import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from houqin.config.commands.terminal import AsJson, command, err, out, print_json, progress

Target = Annotated[Path, typer.Argument(help="Folder for the backups: another disk than the database's.")]
Keep = Annotated[int, typer.Option(min=0, help="Keep so many of the newest backups there; 0 keeps all.")]
KeysTo = Annotated[Path | None, typer.Option("--keys", help="Another folder for the archive of keys.")]
Backup = Annotated[Path, typer.Argument(help="The file whose name ends in .backup.", exists=True, dir_okay=False)]
KeysFrom = Annotated[
    Path | None, typer.Option("--keys", help="The file -keys.backup; without it keys stay as they are.")
]
Into = Annotated[
    str, typer.Option(help="An empty folder, or the URL of an empty PostgreSQL database. Else HOUQIN_VAR and DATABASE_URL.")
]  # fmt: skip


def _passphrase(*, twice: bool) -> str:
    """Of the environment, else asked for at the terminal."""
    from django.conf import settings
    from django.utils.translation import gettext as _

    from houqin.core.scope.refusals import Refused

    if settings.BACKUP_PASSPHRASE:
        return str(settings.BACKUP_PASSPHRASE)
    if not sys.stdin.isatty():
        raise Refused(_("No passphrase: set HOUQIN_BACKUP_PASSPHRASE_FILE (or HOUQIN_BACKUP_PASSPHRASE)."))
    given = getpass(_("Passphrase: "))
    if twice and getpass(_("Once more: ")) != given:
        raise Refused(_("The two are not the same. Nothing was written."))
    return given


@command
def backup(target: Target, keep: Keep = 0, keys: KeysTo = None, as_json: AsJson = False) -> None:
    """Everything that must be kept into one encrypted file, the keys into another; both are read back."""
    from django.utils.translation import gettext as _

    from houqin.config.backup.actions import note_made
    from houqin.config.backup.writing import back_up
    from houqin.config.commands import database
    from houqin.core.scope.viewer import Channel, system_viewer

    database.make_folder()  # and nothing more: a backup is made before the database is brought up to date
    passphrase = _passphrase(twice=True)
    with progress(_("Backing up")) as report:
        made = back_up(target, passphrase=passphrase, report=report, keys=keys, keep=keep)
    note_made(made, by=system_viewer(channel=Channel.CLI))
    told = made.manifest
    if as_json:
        print_json(
            {
                "file": str(made.path), "keys": str(made.keys), "size_bytes": made.size_bytes, "sha256": made.sha256,
                "files": told.files, "missing": told.missing, "damaged": told.damaged, "chains": len(told.chains),
                "removed": made.removed,
            }
        )  # fmt: skip
    else:
        out.print(str(made.path), highlight=False)
        out.print(str(made.keys), highlight=False)
        shown = {"size": f"{made.size_bytes / 1024**2:.1f}", "files": told.files, "chains": len(told.chains)}
        err.print(
            _("%(size)s MB, %(files)d files, %(chains)d chains of seals: written, read back and compared.") % shown
        )
        _tell_loss(len(told.missing), len(told.damaged))
    if told.missing or told.damaged:
        raise typer.Exit(1)


def _tell_loss(missing: int, damaged: int) -> None:
    from django.utils.translation import gettext as _

    if missing or damaged:
        words = _(
            "%(missing)d files are missing and %(damaged)d are damaged in the storage itself. Look into older backups."
        )
        err.print(words % {"missing": missing, "damaged": damaged}, style="red")


def restore(file: Backup, into: Into = "", keys: KeysFrom = None, as_json: AsJson = False) -> None:
    """A backup into an empty place; every seal is checked after it. Overwrites nothing."""
    # Before the settings are read: they say where everything lies.
    if into.startswith(("postgres://", "postgresql://")):
        os.environ["DATABASE_URL"] = into
    elif into:
        os.environ["HOUQIN_VAR"] = str(Path(into).absolute())
        os.environ["DATABASE_URL"] = ""
    _restore(file=file, keys=keys, as_json=as_json)


@command
def _restore(*, file: Path, keys: Path | None, as_json: bool) -> None:
    from django.utils.translation import gettext as _

    from houqin.config.backup.actions import note_restored
    from houqin.config.backup.restoring import restore as put_back
    from houqin.core.scope.viewer import Channel, system_viewer

    passphrase = _passphrase(twice=False)
    with progress(_("Restoring")) as report:
        restored = put_back(file, passphrase=passphrase, report=report, keys=keys)
    note_restored(file.name, restored, by=system_viewer(channel=Channel.CLI))
    told = restored.manifest
    if as_json:
        print_json(
            {
                "made_at": told.made_at, "files": told.files, "missing": told.missing, "damaged": told.damaged,
                "applied": restored.applied, "chains": restored.chains, "seals": restored.seals,
                "broken": restored.broken, "keys": restored.keys,
            }
        )  # fmt: skip
    else:
        shown = {"at": told.made_at[:16], "files": told.files, "chains": restored.chains, "seals": restored.seals}
        out.print(_("Restored as of %(at)s UTC: %(files)d files, %(chains)d chains with %(seals)d seals.") % shown)
        _tell_loss(len(told.missing), len(told.damaged))
        for unit in restored.broken:
            out.print(
                f"✗ {_('%s: its chain of seals is not as it was sealed. See: houqin seals verify') % unit}", style="red"
            )
        if not restored.broken:
            out.print(f"✓ {_('Every chain of seals is as it was.')}", style="green")
        if not keys:
            err.print(
                _(
                    "The keys were not restored: put them back with --keys, else second factors and the signing key are new."
                )
            )
    if not restored.whole:
        raise typer.Exit(1)
