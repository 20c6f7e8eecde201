"""The console command ``houqin``: for operators of an installation and for scripts."""

import os

import typer

from houqin.config.commands import (
    backup,
    certificate,
    data,
    doctor,
    keys,
    orgs,
    privacy,
    recall,
    seals,
    serving,
    sheets,
)

app = typer.Typer(
    help="Houqin 后勤: school logistics. Settings come from the environment; with none it uses SQLite under var/.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("migrate")(data.migrate)
app.command("demo")(data.demo)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(doctor.doctor)
app.add_typer(certificate.app, name="certificate")
app.add_typer(keys.app, name="keys")
app.add_typer(orgs.app, name="org")
app.add_typer(privacy.app, name="privacy")
app.add_typer(sheets.app, name="sheets")
app.add_typer(recall.app, name="recall")
app.add_typer(seals.app, name="seals")


def main() -> None:
    """Entry of the console script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "houqin.config.settings")
    app()


if __name__ == "__main__":
    main()
