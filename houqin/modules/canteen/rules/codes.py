"""Codes on packs: barcodes, and the supplier's own QR code (docs/recipes/label-goods-with-a-qr-code.md). Pure.

``HQ1;supplier=青禾合作社;product=大米;batch=B7;produced=2024-03-01;expires=2025-02-28;kg=25;n=4;cert=R-118``
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote

from houqin.lib.notes import mark as _
from houqin.lib.notes import unreadable

MARK = "HQ1"
LONGEST = 500
MOST_PACKS = 10_000
MOST_KG = 2_000
_BARCODE = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_SPECIAL = str.maketrans({"%": "%25", ";": "%3B", "=": "%3D", "\n": "%0A", "\r": "%0D"})


@dataclass(frozen=True)
class GoodsLabel:
    """What a supplier's label says; what it does not say is empty. ``pack_grams`` is the content of one of ``packs``."""

    product: str
    supplier: str = ""
    batch: str = ""
    produced_on: date | None = None
    expires_on: date | None = None
    pack_grams: int | None = None
    packs: int | None = None
    certificate: str = ""

    @property
    def text(self) -> str:
        """The label as the QR code holds it."""
        kg = f"{Decimal(self.pack_grams) / 1000:f}" if self.pack_grams else ""
        parts = {
            "supplier": self.supplier, "product": self.product, "batch": self.batch,
            "produced": self.produced_on.isoformat() if self.produced_on else "",
            "expires": self.expires_on.isoformat() if self.expires_on else "",
            "kg": kg, "n": str(self.packs or ""), "cert": self.certificate,
        }  # fmt: skip
        return ";".join([MARK, *(f"{name}={value.translate(_SPECIAL)}" for name, value in parts.items() if value)])


def is_barcode(text: str) -> bool:
    """Whether it is the number of a trade code (EAN-8, UPC, EAN-13, ITF-14)."""
    return bool(_BARCODE.fullmatch(text))


def read_label(text: str) -> GoodsLabel:
    """Read a supplier's QR code; raises `Unreadable` with the reason in words. Names that it does not know it passes over."""
    if not text.startswith(f"{MARK};") or len(text) > LONGEST:
        raise unreadable("no-label", _("This is no barcode and no label of goods that I know. Type the goods in."))
    said: dict[str, str] = {}
    for part in text.split(";")[1:]:
        name, equals, value = part.partition("=")
        if equals:
            said.setdefault(name.strip().lower(), unquote(value).strip())
    if not said.get("product"):
        raise unreadable("no-product", _("The label does not say which goods these are. Type them in."))
    return GoodsLabel(
        product=said["product"][:60],
        supplier=said.get("supplier", "")[:120],
        batch=said.get("batch", "")[:40],
        produced_on=_day(said.get("produced", "")),
        expires_on=_day(said.get("expires", "")),
        pack_grams=_grams(said.get("kg", "")),
        packs=_packs(said.get("n", "")),
        certificate=said.get("cert", "")[:60],
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise unreadable(
            "bad-day", _("The label's date “%(text)s” cannot be read. Look at the pack."), text=text
        ) from None


def _grams(text: str) -> int | None:
    if not text:
        return None
    try:
        grams = Decimal(text) * 1000
    except InvalidOperation:
        raise _bad_number(text) from None
    if not grams.is_finite() or not 0 < grams <= MOST_KG * 1000 or grams != int(grams):
        raise _bad_number(text)
    return int(grams)


def _packs(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_PACKS):
        raise _bad_number(text)
    return int(text)


def _bad_number(text: str) -> Exception:
    return unreadable("bad-number", _("The label's number “%(text)s” cannot be read. Weigh the goods."), text=text)
