"""``houqin org``: units on the tree."""

from typing import Annotated

import typer

from houqin.config.commands.terminal import AsJson, command, out, print_json

app = typer.Typer(help="Units: offices and schools.", no_args_is_help=True)


@app.callback()
def _subject() -> None:
    """Keeps ``org ensure`` two words while it is the only command."""


@app.command("ensure")
@command
def ensure(
    path: Annotated[str, typer.Argument(help='As in "湖北省/襄阳市/襄州区/双南镇".')],
    as_json: AsJson = False,
) -> None:
    """Create what is missing on a path of the tree; what is there stays as it is."""
    from houqin.config.commands import database
    from houqin.core.orgs import actions
    from houqin.core.scope.viewer import Channel, system_viewer

    database.make_ready()
    unit = actions.ensure_path(path, by=system_viewer(channel=Channel.CLI))
    if as_json:
        print_json({"name": unit.name, "kind": unit.kind, "path": unit.path})
    else:
        out.print(f"{unit.path}  {unit.name}", highlight=False)
