"""``houqin sheets import``: a folder of spreadsheets, unattended."""

from pathlib import Path
from typing import Annotated

import typer

from houqin.config.commands.terminal import AsJson, command, err, out, print_json, progress

app = typer.Typer(help="Spreadsheets as schools keep them.", no_args_is_help=True)


@app.command("import")
@command
def import_folder(
    folder: Annotated[Path, typer.Argument(help="A folder with .xlsx and .xls files, or one such file.")],
    under: Annotated[str, typer.Option(help='The unit that they belong under, as in "湖北省/襄阳市/襄州区/双南镇".')],
    as_json: AsJson = False,
    username: Annotated[
        str | None, typer.Option("--as", help="Act as this account; without it as the operator.")
    ] = None,
) -> None:
    """Read every workbook, accept what was proposed, write everything or nothing."""
    from django.utils.translation import gettext as _

    from houqin.config.commands import database, places
    from houqin.core.scope.refusals import Refused

    database.make_ready()
    if not folder.exists():
        raise Refused(_("There is no folder or file %s.") % folder)
    by = places.actor(username)
    org = places.unit_at(under, by=by)
    from houqin.flows.sheets.folders import import_folder as import_all

    with progress(_("Reading spreadsheets")) as report:
        result = import_all(folder, under=org, by=by, report=report)
    if as_json:
        print_json(result)
        return
    for name, value in result.items():
        if name == "warnings":
            continue
        out.print(f"{name}: {value}", markup=False, highlight=False)
    for warning in result.get("warnings", ()):
        err.print(str(warning), style="yellow", markup=False, highlight=False)


@app.command("undo")
@command
def undo(
    proposal: Annotated[str, typer.Argument(help="The id of a merge that an import made.")],
    username: Annotated[
        str | None, typer.Option("--as", help="Act as this account; without it as the operator.")
    ] = None,
) -> None:
    """Let two names that an import joined stand for themselves again."""
    from django.core.exceptions import ValidationError
    from django.utils.translation import gettext as _

    from houqin.config.commands import places
    from houqin.core.scope.refusals import Refused
    from houqin.flows.sheets.actions import undo_proposal
    from houqin.flows.sheets.models import ImportProposal

    by = places.actor(username)
    try:
        found = ImportProposal.objects.visible_to(by).filter(public_id=proposal).first()
    except ValidationError:
        found = None
    if found is None:
        raise Refused(_("There is nothing to undo here."))
    done = undo_proposal(found, by=by)
    out.print(_("%(name)s stands for itself again.") % {"name": done.name}, markup=False, highlight=False)
