"""The pages of a binder: plain HTML that opens anywhere and prints well, needing nothing from the network."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from houqin.core.catalogues.models import CatalogueItem
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.catalogue import AREA
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.reading import Readable, read
from houqin.flows.seals.models import Binder

FOOT = "</main></body></html>\n"


def titles() -> dict[str, str]:
    """What ledgers are called, newest version, in the language of the binder."""
    return {item.code: str(item) for item in CatalogueItem.objects.filter(area=AREA).order_by("version")}


def head(binder: Binder, code: str) -> str:
    """The beginning of a ledger's page."""
    return render_to_string("ledgers/binders/head.html", {"binder": binder, "title": titles().get(code, code)})


def entries(items: Sequence[UUID], by: Viewer, photos: set[str]) -> str:
    """Some entries in their order, as this viewer may read them; photos as far as they are in the binder."""
    found = LedgerEntry.objects.filter(public_id__in=items).select_related("org", "about", "account")
    place = {item: number for number, item in enumerate(items)}
    rows = sorted(found, key=lambda row: place[row.public_id])
    told = [(one, _pictures(one, photos)) for one in read(rows, by)]
    return render_to_string("ledgers/binders/entries.html", {"rows": told})


def _pictures(one: Readable, photos: set[str]) -> list[str]:
    names = [f"photos/{file.blob.digest}.jpg" for file in one.photos]
    return [name for name in names if name in photos]


def index(binder: Binder, counts: dict[str, int]) -> str:
    """The first page: what is in here and how it is checked."""
    named = titles()
    ledgers: list[Any] = [(code, named.get(code, code), counts[code]) for code in sorted(counts)]
    context = {"binder": binder, "ledgers": ledgers, "records": sum(counts.values()), "made": timezone.localtime()}
    return render_to_string("ledgers/binders/index.html", context)


def readme(binder: Binder) -> str:
    """How the binder is checked, for whoever opens it years later."""
    return render_to_string("ledgers/binders/readme.txt", {"binder": binder, "title": _("Binder")})
