"""What a scanned code means at a school."""

from typing import Any

from django.utils.translation import gettext

from houqin.core.orgs.models import OrgUnit
from houqin.lib.notes import Unreadable
from houqin.modules.canteen.models import Product
from houqin.modules.canteen.queries.arrivals import known_code
from houqin.modules.canteen.queries.names import Names
from houqin.modules.canteen.rules.codes import GoodsLabel, is_barcode, read_label


def said_by(org: OrgUnit, code: str) -> dict[str, Any]:
    """The entries that a code fills in, by their names on the page; ``message`` where somebody has to do something."""
    if is_barcode(code):
        known = known_code(org, code)
        if known is None:
            return {
                "code": code,
                "message": gettext("A barcode that is new here. Choose the goods; it is known from then on."),
            }
        return _named(known.product) | (
            {"unit": "pack", "pack_grams": _kg(known.pack_grams)} if known.pack_grams else {}
        )
    try:
        label = read_label(code)
    except Unreadable as error:
        return {"message": error.note.in_words(gettext)}
    product = _product(org, label.product)
    if product is None:
        text = gettext(
            "The label says “%(name)s”. Goods of this name are not recorded: choose what they are called here."
        )
        return _entries(label) | {"message": text % {"name": label.product}}
    return _named(product) | _entries(label)


def _named(product: Product) -> dict[str, Any]:
    meant: Any = product.root or product
    return {"product": str(meant.public_id), "name": meant.name}


def _product(org: OrgUnit, name: str) -> Product | None:
    return Names(Product, org, [name], {}).rows.get(name)


def _kg(grams: int | None) -> str:
    return f"{grams / 1000:g}" if grams else ""


def _entries(label: GoodsLabel) -> dict[str, Any]:
    said: dict[str, Any] = {
        "batch": label.batch, "certificate": label.certificate,
        "produced_on": label.produced_on.isoformat() if label.produced_on else "",
        "expires_on": label.expires_on.isoformat() if label.expires_on else "",
    }  # fmt: skip
    if label.pack_grams:
        said |= {"unit": "pack", "pack_grams": _kg(label.pack_grams), "number": str(label.packs or "")}
    return {name: value for name, value in said.items() if value}
