"""``houqin seals``: check what was sealed, sign, hand checkpoints out, change the key."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from houqin.config.commands.terminal import AsJson, command, err, out, print_json, progress

if TYPE_CHECKING:
    from houqin.flows.seals.checking import Held

app = typer.Typer(help="Seals: check that nothing was changed, and the key that signs.", no_args_is_help=True)
Unit = Annotated[str, typer.Option("--org", help='Only below this unit, as in "湖北省/襄阳市/襄州区/双南镇".')]


@app.command()
@command
def verify(
    org: Unit = "",
    headers_only: Annotated[bool, typer.Option("--headers-only", help="Only the chains, not the contents.")] = False,
    checkpoints: Annotated[
        Path | None, typer.Option(help="A file of checkpoints that was kept elsewhere (houqin seals export).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every chain; exit code 1 when anything is not as it was sealed."""
    from django.utils.translation import gettext as _

    from houqin.config.commands import database, places
    from houqin.core.scope.viewer import Channel, system_viewer
    from houqin.flows.seals import checking
    from houqin.flows.seals.models import Chain

    database.make_ready()
    by = system_viewer(channel=Channel.CLI)
    under = places.unit_at(org, by=by).path if org else ""
    elsewhere = _kept(checkpoints)
    chains = Chain.objects.select_related("org").under(under).order_by("org__path")
    found, count, began = [], chains.count(), time.perf_counter()
    with progress(_("Checking seals")) as report:
        for done, chain in enumerate(chains.iterator(chunk_size=500)):
            report(done, count, chain.org.name)
            kept = elsewhere.pop(str(chain.public_id), [])
            found.append((chain, checking.check(chain, headers_only=headers_only, kept=kept)))
    gone = [] if under else sorted(elsewhere)
    _tell(found, gone, time.perf_counter() - began, as_json=as_json)
    if gone or not all(result.clean for _chain, result in found):
        raise typer.Exit(1)


def _kept(path: Path | None) -> dict[str, list["Held"]]:
    from django.utils.translation import gettext as _

    from houqin.core.scope.refusals import Refused
    from houqin.flows.seals.checkpoints import kept

    try:
        return kept(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(_("%(file)s is no file of checkpoints: %(why)s") % {"file": path, "why": error}) from error


def _tell(found: list[Any], gone: list[str], seconds: float, *, as_json: bool) -> None:
    """What was found, chain by chain."""
    from django.utils.translation import gettext as _

    from houqin.flows.seals.checking import told
    from houqin.flows.seals.words import fault_words, sentence

    total = sum(result.count for _chain, result in found)
    if as_json:
        chains = [
            {
                "unit": chain.org.name,
                "path": chain.org.path,
                "chain": chain.public_id,
                "clean": result.clean,
                **told(result),
            }
            for chain, result in found
        ]
        print_json(
            {
                "clean": not gone and all(row["clean"] for row in chains),
                "seals": total,
                "missing": gone,
                "chains": chains,
            }
        )
        return
    for chain, result in found:
        mark, style = ("✓", "green") if result.clean else ("✗", "red")
        out.print(f"{mark} {sentence(chain.org, told(result))}", style=style, markup=False, highlight=False)
        for fault in result.faults:
            out.print(f"  → {fault_words(fault)}", markup=False, highlight=False)
    for chain in gone:
        out.print(
            f"✗ {_('A whole chain is gone, which a checkpoint kept elsewhere proves: %s') % chain}",
            style="red",
            markup=False,
        )
    told_pace = {"count": f"{total:,}", "seconds": f"{seconds:.1f}"}
    err.print(_("%(count)s seals checked in %(seconds)s seconds.") % told_pace, highlight=False)


@app.command()
@command
def sign(as_json: AsJson = False) -> None:
    """Sign the end of every chain that grew; the worker does it every day by itself."""
    from django.utils.translation import gettext as _

    from houqin.config.commands import database
    from houqin.core.scope.viewer import Channel, system_viewer
    from houqin.flows.seals.actions import make_checkpoints

    database.make_ready()
    counts = make_checkpoints(by=system_viewer(channel=Channel.CLI))
    if as_json:
        print_json(counts)
    else:
        err.print(_("%(signed)d chains signed, %(faulty)d found changed.") % counts)
    if counts["faulty"]:
        raise typer.Exit(1)


@app.command()
@command
def export(org: Unit = "") -> None:
    """All checkpoints below a unit as JSON on stdout: keep the file where nobody of this installation can reach it."""
    from houqin.config.commands import database, places
    from houqin.core.scope.viewer import Channel, system_viewer
    from houqin.flows.seals.checkpoints import exported
    from houqin.flows.seals.models import Checkpoint

    database.make_ready()
    under = places.unit_at(org, by=system_viewer(channel=Channel.CLI)).path if org else ""
    rows = Checkpoint.objects.select_related("org").under(under).order_by("org_id", "number")
    sys.stdout.writelines(exported(rows.iterator(chunk_size=1000)))


@app.command("keys")
@command
def show_keys(as_json: AsJson = False) -> None:
    """The public keys with their fingerprints, as the public page shows them."""
    from houqin.config.commands import database
    from houqin.flows.seals.models import SigningKey

    database.make_ready()
    rows = [
        {"key": row.key_id, "public": bytes(row.public).hex(), "since": row.since, "until": row.until, "fingerprint": row.fingerprint}
        for row in SigningKey.objects.all()
    ]  # fmt: skip
    if as_json:
        print_json({"keys": rows})
        return
    for row in rows:
        out.print(f"{row['key']}  {row['since']:%Y-%m-%d}  {row['fingerprint']}", highlight=False)


@app.command("rotate-key")
@command
def rotate(why: Annotated[str, typer.Option(help="Why; it stays on record.")]) -> None:
    """Sign with a new key from now on; what the old one signed stays provable by its public half."""
    from django.utils.translation import gettext as _

    from houqin.config.commands import database
    from houqin.core.scope.viewer import Channel, system_viewer
    from houqin.flows.seals.actions import rotate_key

    database.make_ready()
    made = rotate_key(by=system_viewer(channel=Channel.CLI), why=why)
    err.print(
        _("From now on this key signs: %s. Publish it where others can compare it.") % made.fingerprint, highlight=False
    )
