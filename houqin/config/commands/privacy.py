"""``houqin privacy``: what is kept of persons, and taking away what was kept long enough."""

from typing import Annotated

import typer

from houqin.config.commands.terminal import AsJson, command, out, print_json

app = typer.Typer(help="Personal data: what is kept, why and how long; ending it.", no_args_is_help=True)


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
    rows = [one for one in register() if everything or one.is_personal]
    if as_json:
        print_json([
            {"table": one.label, "name": str(one.name), "why": one.why, "class": one.data_class.value, "months": one.months,
             "from": one.ends_from, "seen_by": str(one.seen_by), "texts": [str(text) for text in one.texts]}
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
