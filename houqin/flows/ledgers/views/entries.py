"""Entries of all ledgers as one list to search, and the page of one entry: what it says, its seal, its story."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.words import slot_of
from houqin.flows.ledgers.definitions import definitions
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.out import listing
from houqin.flows.ledgers.out.finding import amendments, breaches_of, saying, seal_of, titled_entries
from houqin.flows.ledgers.reading import Readable, read
from houqin.flows.ledgers.words import language
from houqin.ui import formats
from houqin.ui.masks import mask_name
from houqin.ui.screens import Badge, Block, Column, Day, Instant, Link, Look, Number, Screen, Timeline

SEE_NAMES = "ledgers.see_names"


def _choices() -> Iterator[tuple[str, str]]:
    """Every ledger of the catalogue, for the filter."""
    for ledger in definitions(timezone.localdate()):
        yield ledger.code, ledger.title(language())


def _title(row: Any) -> str:
    chinese = language().startswith("zh")
    return str((row.title_zh if chinese else row.title_en) or row.ledger)


def _state(row: Any) -> Any:
    if row.is_amended:
        return _("Amended")
    if row.breaches:
        return _("Out of limits")
    return _("Nothing to report") if row.nothing_to_report else _("In order")


def _tone(row: Any) -> str:
    if row.is_amended:
        return "quiet"
    return "danger" if row.breaches else "plain"


def _remark(row: Any) -> str:
    return formats.listed(
        str(word)
        for word in (
            gettext("amends an earlier entry") if row.amends else "",
            gettext("written late") if row.late_because else "",
            gettext("from paper") if row.from_paper else "",
        )
    )


def _remarks(row: Any) -> str:
    return formats.listed([*listing.remarks(row), _remark(row)])


class EntryScreen(Screen):
    """What was written, in all ledgers, newest first."""

    model = LedgerEntry
    slug = "entries"
    title = _("Ledger entries")
    icon = "notebook"
    family = None
    sort = "-day"
    columns = [
        Column("title", _("Ledger"), value=_title, sort="ledger", card="title"),
        Day("day", sort=True, card="fact"),
        Column("slot", value=lambda row: slot_of(row.slot) if row.slot else "", card="fact"),
        Column("about", _("Where"), card="no"),
        Link("org", sort="org__path"),
        Column("account", _("Written by"), mask=mask_name, unmask=SEE_NAMES, card="no"),
        Instant("at", _("Written"), sort=True, card="no"),
        Number("breaches", sort=True, card="no"),
        Column("how", _("Remark"), value=_remark, card="no"),
        Badge("state", _("State"), value=_state, tone=_tone),
    ]  # fmt: skip
    filters = {
        "ledger": df.ChoiceFilter(field_name="ledger", label=_("Ledger"), choices=_choices),
        "day": "range",
        "org": "choice",
        "account": "choice",
        "from_paper": "bool",
    }
    search = ["title_zh", "title_en", "why", "late_because", "about__label", "org__name"]
    views = {
        "out": (_("Out of limits"), Q(breaches__gt=0)),
        "amended": (_("Amended"), Q(is_amended=True)),
        "late": (_("Written late"), ~Q(late_because="")),
    }
    empty = _("Entries will stand here as soon as somebody writes a ledger. What is due now stands under Today.")

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """Entries with the title of the version by which they were written, and whether a later one took their place."""
        return titled_entries(viewer)

    def get_search(self, word: str) -> Q:
        """What was written, and answers by their labels in both languages."""
        return saying(word)

    def get_export(self, rows: QuerySet[Any], look: Look) -> tuple[Sequence[Column], Iterable[Any]]:
        """With all that was written."""
        told, each_line = listing.value_columns(rows)
        columns = [Column("how", _("Remark"), value=_remarks) if one.name == "how" else one for one in self.columns]
        place = next(number for number, column in enumerate(columns) if column.name == "account")
        return [*columns[:place], *told, *columns[place:]], listing.told_rows(rows, look, each_line=each_line)

    @classmethod
    def name_of(cls, row: Any, look: Look) -> str:
        """The ledger and its day."""
        which = f" {slot_of(row.slot)}" if row.slot else ""
        return f"{_title(row)} {formats.day(row.day)}{which}"

    def get_panels(self, row: Any, viewer: Viewer) -> Any:
        """What it says, how it came to say so, and what happened to it."""
        return (
            Block("ledgers/entry_head.html", _says),
            Block("ledgers/entry_story.html", _story),
            Timeline(),
        )


def _says(row: LedgerEntry, viewer: Viewer) -> dict[str, Any]:
    """The values in words, the seal, values out of limits."""
    found = read([row], viewer)[0]
    may = viewer.may("ledgers.record", row.org.path) and not found.is_amended and not found.resolved.ledger.fed_by
    return {
        "entry": found, "seal": seal_of(row), "breaches": breaches_of(row, viewer),
        "columns": _inner(found), "amend": reverse("ledgers:amend", args=[row.public_id]) if may else "",
        "month": f"{reverse('ledgers:month', args=[row.ledger])}?month={row.day:%Y-%m}&under={row.org.path}",
        "slot": slot_of(row.slot) if row.slot else "", "why": found.resolved.ledger.source,
    }  # fmt: skip


def _inner(found: Readable) -> list[str]:
    lines = found.resolved.lines
    return [column.title(language()) for column in lines.columns] if lines else []


def _story(row: LedgerEntry, viewer: Viewer) -> dict[str, Any] | None:
    """The entry that stood first and each that amended it, with what they said; nothing when there was only one."""
    rows = amendments(row, viewer)
    return {"entries": read(rows, viewer), "here": row.public_id} if len(rows) > 1 else None


urlpatterns = [*EntryScreen.urls()]
