"""``houqin recall``: which schools had a bad batch, and freezing what is left of it."""

from datetime import datetime
from typing import Annotated, Any

import typer

from houqin.config.commands.terminal import AsJson, command, err, out, print_json

app = typer.Typer(help="Freeze and trace a bad batch.", no_args_is_help=True)

Supplier = Annotated[str, typer.Option(help="The supplier's name, or any name that it is recorded under.")]
Product = Annotated[str, typer.Option(help="The product's name.")]
Produced = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Production date of the bad batch.")]
Under = Annotated[str, typer.Option(help='As in "湖北省/襄阳市/襄州区/双南镇".')]
Account = Annotated[str | None, typer.Option("--as", help="Act as this account; without it as the operator.")]


@app.command()
@command
def preview(
    supplier: Supplier,
    product: Product,
    produced: Produced,
    under: Under,
    as_json: AsJson = False,
    username: Account = None,
) -> None:
    """What a recall would touch: schools, deliveries, meals, eaters. Changes nothing."""
    from houqin.config.commands import database, goods, places

    database.make_ready()
    by = places.actor(username)
    org = places.unit_at(under, by=by)
    supplier_row = goods.supplier_named(supplier, at=org, by=by)
    product_row = goods.product_named(product, at=org, by=by)
    from houqin.modules.canteen.queries.previews import recall_preview

    found = recall_preview(org, supplier=supplier_row, product=product_row, produced_on=produced.date(), by=by)
    show(found, as_json=as_json)


def show(found: dict[str, Any], *, as_json: bool) -> None:
    """As JSON for programs, or as lines that can be read out on the telephone."""
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        if isinstance(value, list):
            out.print(f"{name}: {len(value)}", style="bold", markup=False, highlight=False)
            for row in value:
                text = "  ".join(str(part) for part in row.values()) if isinstance(row, dict) else str(row)
                out.print(f"  {text}", markup=False, highlight=False)
        else:
            out.print(f"{name}: {value}", markup=False, highlight=False)


@app.command("open")
@command
def open_recall(
    supplier: Supplier,
    product: Product,
    produced: Produced,
    under: Under,
    by: Annotated[str, typer.Option("--by", help="Account of the person who orders it.")],
    second: Annotated[str, typer.Option("--second", help="Account of the second person.")],
    reason: Annotated[str, typer.Option(help="Why, in the words that the schools will read.")],
    batch: Annotated[str, typer.Option(help="The batch, where it is known.")] = "",
    drill: Annotated[
        bool, typer.Option("--drill", help="A drill: no stock changes, everything says that it is one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Freeze what is left and tell every school; takes two persons."""
    from django.utils.translation import gettext as _

    from houqin.config.commands import database, goods, places
    from houqin.modules.canteen.actions import recalls

    database.make_ready()
    viewer = places.actor(by)
    org = places.unit_at(under, by=viewer)
    opened = recalls.open_recall_by_two(
        org,
        by=viewer,
        second=places.actor(second),
        supplier=goods.supplier_named(supplier, at=org, by=viewer),
        product=goods.product_named(product, at=org, by=viewer),
        produced_on=produced.date(),
        batch=batch,
        reason=reason,
        is_drill=drill,
    )
    if as_json:
        print_json({"number": opened.number, "id": str(opened.public_id), "drill": opened.is_drill})
    else:
        err.print(_("Recall %s is open; the schools are told.") % opened.number)
