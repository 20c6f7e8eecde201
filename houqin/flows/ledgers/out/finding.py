"""Entries as they are looked for: with their titles, the seal, what was out of limits, the chain of amendments."""

import re
from collections import defaultdict
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from houqin.core.catalogues.models import CatalogueItem
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.catalogue import AREA
from houqin.flows.ledgers.definitions import ever
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.flows.seals.models import Seal

MOST_AMENDMENTS = 50


def titled_entries(viewer: Viewer) -> QuerySet[Any]:
    """Entries with the title of the version by which they were written, and whether a later one took their place."""
    item = CatalogueItem.objects.filter(area=AREA, code=OuterRef("ledger"), version=OuterRef("version"))
    later = LedgerEntry.objects.filter(amends=OuterRef("public_id"), org=OuterRef("org"))
    rows = LedgerEntry.objects.visible_to(viewer)
    found: QuerySet[Any] = rows.annotate(
        title_zh=Subquery(item.values("title_zh")[:1]), title_en=Subquery(item.values("title_en")[:1]), is_amended=Exists(later)
    )  # fmt: skip
    return found


def saying(word: str) -> Q:
    """Entries in which this word was written, or an answer chosen whose label holds it, in either language.

    Entries keep the codes of answers: each ledger that knows such an answer is looked through once. The names of fields are
    not what was written; what is personal lies apart and is not found.
    """
    found = Q(body__icontains=word) & Q(body__iregex=f'"[^"]*{re.escape(word)}[^"]*"(?!:)')
    wanted = word.casefold()
    answers: dict[str, set[str]] = defaultdict(set)
    for ledger, column in ever():
        codes = [one.code for one in column.choices if wanted in one.zh.casefold() or wanted in one.en.casefold()]
        if codes:
            answers[ledger].add(rf'"{column.code}":(\[[^]]*)?"({"|".join(codes)})"')
    for ledger, patterns in answers.items():
        found |= Q(ledger=ledger, body__regex="|".join(sorted(patterns)))
    return found


def seal_of(row: LedgerEntry) -> Seal | None:
    """The link of the chain that seals an entry."""
    found: Seal | None = Seal.objects.filter(item_id=row.public_id).first()
    return found


def breaches_of(row: LedgerEntry, viewer: Viewer) -> list[Breach]:
    """The values of an entry that were out of limits, and what became of them."""
    return list(Breach.objects.visible_to(viewer).filter(entry_id=row.public_id))


def amendments(row: LedgerEntry, viewer: Viewer) -> list[LedgerEntry]:
    """The entry that stood first and each that took its place, in their order; only itself when none did."""
    about = LedgerEntry.objects.visible_to(viewer).filter(org=row.org, ledger=row.ledger, day=row.day, slot=row.slot)
    found = list(about.select_related("org", "account", "about").order_by("pk"))
    by_id, by_amended = {one.public_id: one for one in found}, {one.amends: one for one in found if one.amends}
    first = row
    for _step in range(MOST_AMENDMENTS):
        if first.amends not in by_id:
            break
        first = by_id[first.amends]
    chain = [first]
    while chain[-1].public_id in by_amended and len(chain) < MOST_AMENDMENTS:
        chain.append(by_amended[chain[-1].public_id])
    return chain
