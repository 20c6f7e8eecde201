"""``houqin keys``: the secret key of the installation, changed without losing what lies enciphered under the former one."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from houqin.config.commands.terminal import AsJson, command, err, out, print_json, progress

app = typer.Typer(help="The secret key: changing it without losing second factors.", no_args_is_help=True)


@app.command()
@command
def rotate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what lies under which key.")] = False,
    as_json: AsJson = False,
) -> None:
    """Encipher everything anew that lies under a former key (HOUQIN_SECRET_KEY_FALLBACKS); run again it changes nothing.

    Ends with 1 where something is read by no key: it stays as it is, and its rows are named.
    """
    from django.utils.translation import gettext as _

    from houqin.config.commands import database
    from houqin.core.tables.ciphers import kept_words

    database.make_ready()
    found = []
    with progress(_("Enciphering anew")) as report:
        for words in kept_words():
            told: dict[str, Any] = {"column": words.label, "rows": 0, "renewed": 0, "unreadable": []}
            for rows, renewed, unreadable in _looked_at(words) if dry_run else _renewed(words):
                told["rows"] += rows
                told["renewed"] += renewed
                told["unreadable"] += [str(key) for key in unreadable]
                report(told["rows"], 0, words.label)
            found.append(told)
    if as_json:
        print_json({"columns": found})
    else:
        _print(found, dry_run=dry_run)
    if any(one["unreadable"] for one in found):
        raise typer.Exit(1)


Told = tuple[int, int, list[Any]]


def _renewed(words: Any) -> Iterator[Told]:
    """Batch by batch, each in a transaction of its own."""
    from houqin.core.audit.actions import renew_words
    from houqin.core.scope.viewer import Channel, system_viewer

    by, after = system_viewer(channel=Channel.CLI), None
    while (batch := renew_words(words, by=by, after=after)).rows:
        after = batch.last
        yield batch.rows, batch.renewed, batch.unreadable


def _looked_at(words: Any) -> Iterator[Told]:
    for key, former, whole in words.survey():
        yield 1, int(former), [] if whole else [key]


def _print(found: list[dict[str, Any]], *, dry_run: bool) -> None:
    from django.utils.translation import gettext as _

    said = (
        _("of %(rows)d under a former key: %(renewed)d") if dry_run else _("of %(rows)d enciphered anew: %(renewed)d")
    )
    for one in found:
        out.print(f"{one['column']}  {said % one}", highlight=False)
        if one["unreadable"]:
            words = _(
                "%(column)s: no key reads the rows %(keys)s. Name the key of their time in HOUQIN_SECRET_KEY_FALLBACKS and run this again."
            )
            err.print(
                words % {"column": one["column"], "keys": ", ".join(one["unreadable"])}, style="red", highlight=False
            )
