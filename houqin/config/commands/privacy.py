"""``houqin privacy``: what is kept of persons, handing it out to them, and taking away what was kept long enough."""

import os
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from houqin.config.commands.terminal import AsJson, command, out, print_json

app = typer.Typer(
    help="Personal data: what is kept, why and how long; a copy for whom it is about; ending it.", no_args_is_help=True
)


@app.command("register")
@command
def show_register(
    everything: Annotated[bool, typer.Option("--all", help="Also tables that hold nothing of persons.")] = False,
    as_json: AsJson = False,
) -> None:
    """Every table that holds data of persons: what it is, whose data, how many months, who sees it."""
    from houqin.config.commands import database
    from houqin.core.scope.register import register

    database.make_ready()
    rows = [one for one in register() if everything or one.data_class.is_personal]
    if as_json:
        print_json([
            {"table": one.label, "name": str(one.name), "why": str(one.why), "class": one.data_class.value, "months": one.months,
             "from": str(one.ends_from), "seen_by": str(one.seen_by), "fields": [str(name) for name in one.fields],
             "enciphered": [str(name) for name in one.enciphered], "hashed": [str(name) for name in one.hashed]}
            for one in rows
        ])  # fmt: skip
        return
    for one in rows:
        out.print(
            f"{one.label}  [{one.data_class.value}]  {one.months or '∞'}  {one.seen_by}", highlight=False, markup=False
        )
        out.print(f"    {one.name}: {one.why}", highlight=False, markup=False)


@app.command()
@command
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take away what was kept long enough, as the job of each night does; nothing of a unit with an open case or recall."""
    from houqin.config.commands import database
    from houqin.core.people.jobs import end_what_is_over
    from houqin.core.people.retention import endings, persons_over
    from houqin.core.scope.viewer import Channel, system_viewer

    database.make_ready()
    today = system_viewer(channel=Channel.CLI).today
    found = {ending.model._meta.label_lower: ending.over(today).count() for ending in endings()}
    found["people.person"] = persons_over(today).count()
    if not dry_run:
        end_what_is_over.call()
    if as_json:
        print_json(found)
        return
    for label, rows in found.items():
        out.print(f"{rows:>8}  {label}", highlight=False)


@app.command()
@command
def copy(
    ref: Annotated[UUID, typer.Argument(help="The long id at the end of the address of the person's or pupil's page.")],
    to: Annotated[Path | None, typer.Option(help="A workbook to write; without it JSON is printed.")] = None,
) -> None:
    """Everything kept of one person, table by table; that it was taken stands on the trail."""
    from houqin.config.commands import database
    from houqin.core.people.actions.copying import copy_personal_data
    from houqin.core.scope.viewer import Channel, system_viewer
    from houqin.modules.console.copies import workbook

    database.make_ready()
    by = system_viewer(channel=Channel.CLI)
    subject = _subject(ref, by)
    if to is None:
        found = copy_personal_data(subject, by=by)
        print_json({one.label: {"heads": one.heads, "rows": one.rows} for one in found})
        return
    with _own_file(to) as file:
        file.write(workbook(copy_personal_data(subject, by=by)).getvalue())


def _subject(ref: UUID, by: Any) -> Any:
    from houqin.core.people.models import Person, Pupil

    found = Person.objects.visible_to(by).filter(public_id=ref).first()
    return found or Pupil.objects.get_visible(by, public_id=ref)


def _own_file(path: Path) -> Any:
    """A new file that only this user reads."""
    from django.utils.translation import gettext as _

    from houqin.core.scope.refusals import Refused

    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        raise Refused(
            _("%(file)s cannot be written: %(why)s. Name a new file.") % {"file": path, "why": error.strerror}
        ) from error
