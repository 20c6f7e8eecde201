"""``houqin certificate``: HTTPS on a school's own network."""

from typing import Annotated

import typer

from houqin.config.commands.terminal import AsJson, command, err, out, print_json

app = typer.Typer(help="HTTPS on a school's own network, where no public authority can vouch for the server.")
Names = Annotated[list[str], typer.Argument(help="Names and addresses that people type, as 192.168.1.10.")]
Renew = Annotated[bool, typer.Option("--new-authority", help="A new authority; phones have to install it again.")]


@app.callback()
def group() -> None:
    """Keeps the group a group, however few commands it has."""


@app.command("make")
@command
def make(names: Names, new_authority: Renew = False, as_json: AsJson = False) -> None:
    """Make or renew the server's certificate, and the authority that phones install once."""
    from django.conf import settings
    from django.utils.translation import gettext as _

    from houqin.config import certificates

    made = certificates.make(settings.VAR / "certificates", names, renew_authority=new_authority)
    if as_json:
        print_json({"authority": str(made.authority), "certificate": str(made.certificate), "key": str(made.key)})
        return
    out.print(f"houqin serve --certificate {made.certificate} --key {made.key}", highlight=False)
    err.print(_("Install this file on each phone (docs/operations/https.md): %s") % made.authority)
    err.print(_("The certificate is good until %s; run the same again before.") % made.until.date())
