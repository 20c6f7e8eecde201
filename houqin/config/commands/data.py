"""``houqin migrate`` and ``houqin demo``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from houqin.config.commands.terminal import AsJson, command, err, out, print_json, progress

if TYPE_CHECKING:
    from houqin.config.demo import DemoAccount


@command
def migrate(as_json: AsJson = False) -> None:
    """Bring the database up to this program's version. Back it up first."""
    from django.utils.translation import gettext as _

    from houqin.config.commands import database

    applied = database.migrate_now()
    if as_json:
        print_json({"applied": applied})
    elif applied:
        err.print(_("%d changes applied.") % len(applied))
    else:
        err.print(_("The database is up to date."))


def demo_accounts() -> Sequence["DemoAccount"]:
    """The accounts of the demo that is loaded, one a role; none when it is not."""
    from houqin.config import demo as town

    return town.accounts()


def print_accounts(accounts: Sequence["DemoAccount"]) -> None:
    """A small table: who can sign in to look around."""
    from django.utils.translation import gettext as _

    if not accounts:
        return
    table = Table(title=_("Demo accounts"), title_justify="left", box=None, pad_edge=False)
    for heading in (_("Account"), _("Password"), _("Role"), _("Unit")):
        table.add_column(heading)
    for account in accounts:
        table.add_row(account.username, account.password, str(account.role), str(account.org))
    out.print(table)


def load_when_empty() -> None:
    """Load the demo into a database that has no unit yet; otherwise leave it alone."""
    from houqin.core.orgs.models import OrgUnit

    if not OrgUnit.objects.exists():
        load()


def load() -> None:
    """Load the demo with a bar on stderr."""
    from django.db import transaction
    from django.utils.translation import gettext as _

    from houqin.config import demo as town

    # All of it or nothing: half a demo would count as a database in use and never be completed.
    with progress(_("Loading the demo")) as report, transaction.atomic():
        town.load(report=report)
    err.print(_("The demo is loaded. Remove it with: houqin demo --remove"))


@command
def demo(
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Only when the database has no unit yet.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the demo and nothing else.")] = False,
    accounts: Annotated[bool, typer.Option("--accounts", help="Only list the demo accounts.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load a small province with a term of work, to look around; every row is marked as demo."""
    from django.utils.translation import gettext as _

    from houqin.config import demo as town
    from houqin.config.commands import database

    database.make_ready()
    if remove:
        with progress(_("Removing the demo")) as report:
            town.remove(report=report)
        err.print(_("The demo is removed."))
    elif if_empty:
        load_when_empty()
    elif not accounts:
        load()
    found = demo_accounts()
    if as_json:
        rows = [{"username": a.username, "password": a.password, "role": str(a.role), "org": str(a.org)} for a in found]
        print_json({"accounts": rows})
    else:
        print_accounts(found)
