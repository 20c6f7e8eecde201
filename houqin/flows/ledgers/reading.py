"""Entries as people read them: labels and units in their language, what is personal masked for those it is not for."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from houqin.core.files.models import StoredFile
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.bodies import BY, SECOND, Personal, is_commitment, personal_codes, personal_of, stored
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import Resolved, reader
from houqin.flows.ledgers.models import EntryPhoto, LedgerEntry
from houqin.flows.ledgers.rules.judging import LINE, REMARK
from houqin.flows.ledgers.values import in_words
from houqin.flows.ledgers.words import HIDDEN, language
from houqin.ui.masks import mask_name

__all__ = ["Cell", "Line", "Readable", "read", "stored"]

SEE_NAMES = "ledgers.see_names"


@dataclass(frozen=True)
class Cell:
    """One value: what it is, in words with its unit, and whether it was out of limits."""

    code: str
    label: str
    words: str
    value: Any
    is_out: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the list in an entry: whom or what it is about."""

    label: str
    cells: tuple[Cell, ...]
    remark: str = ""

    @property
    def is_out(self) -> bool:
        """Whether something in it was out of limits."""
        return any(cell.is_out for cell in self.cells)


@dataclass(frozen=True)
class Readable:
    """An entry for one reader. Values are None where they are masked or erased."""

    entry: LedgerEntry
    resolved: Resolved
    title: str
    day: date
    slot: str
    at: datetime
    who: str
    second: str
    about: str
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...]
    remark: str
    photos: tuple[StoredFile, ...]
    amended_by: LedgerEntry | None = None

    @property
    def is_amended(self) -> bool:
        """Whether a later entry took its place."""
        return self.amended_by is not None


def read(entries: Iterable[LedgerEntry], viewer: Viewer, *, masked: bool = False) -> list[Readable]:
    """Entries as this viewer may read them, in their order. Three queries for any number of them.

    Names and what is personal are masked unless the viewer may see them there or wrote the entry; ``masked``: always.
    """
    rows = list(entries)
    ids = [row.public_id for row in rows]
    later = {row.amends: row for row in LedgerEntry.objects.filter(amends__in=ids).order_by("pk")} if ids else {}
    photos: dict[Any, list[StoredFile]] = {}
    for row in EntryPhoto.objects.filter(entry_id__in=ids).select_related("file", "file__blob") if ids else ():
        photos.setdefault(row.entry_id, []).append(row.file)
    written = reader()
    return [
        _read(
            row,
            written(row.ledger, row.version, row.org),
            viewer,
            photos.get(row.public_id, []),
            later.get(row.public_id),
            masked=masked,
        )
        for row in rows
    ]


def _read(
    row: LedgerEntry, resolved: Resolved, viewer: Viewer, photos: Sequence[StoredFile], later: LedgerEntry | None, *,
    masked: bool,
) -> Readable:  # fmt: skip
    body, kept = json.loads(row.body), personal_of(row)
    is_own = viewer.account_id is not None and row.account_id == viewer.account_id
    is_open = not masked and (is_own or viewer.may(SEE_NAMES, row.org.path))
    page = _Page(kept, open_=is_open, out=frozenset(body.get("out", ())))
    inner = resolved.lines.columns if resolved.lines else []
    codes = personal_codes(resolved, of_lines=True)
    return Readable(
        entry=row, resolved=resolved, title=resolved.ledger.title(language()), day=row.day, slot=row.slot, at=row.at,
        who=page.name("by", body.get(BY), is_person=row.account_id is not None), second=page.name("second", body.get(SECOND)),
        about=body.get("about_label", ""),
        cells=page.cells(resolved.columns, body["values"], "values", personal_codes(resolved, of_lines=False)),
        lines=tuple(
            Line(page.label(line, f"lines/{n}", codes), page.cells(inner, line, f"lines/{n}", codes, f"{n}."), page.remark(line, f"lines/{n}"))
            for n, line in enumerate(body["lines"])
        ),
        remark=body["values"].get(REMARK, ""), photos=tuple(photos), amended_by=later,
    )  # fmt: skip


@dataclass(frozen=True)
class _Page:
    """What of one entry a reader may see."""

    kept: Personal
    open_: bool
    out: frozenset[str]

    def name(self, at: str, sealed: Any, *, is_person: bool = True) -> str:
        """A name, masked or whole; a word in its place when it was erased. A device's is nobody's secret."""
        if not sealed:
            return ""
        found = self.kept.get(at)
        if found is None:
            return _("erased")
        name = str(found[1].get("name", "")) if isinstance(found[1], dict) else str(found[1])
        return name if self.open_ or not is_person else mask_name(name)

    def label(self, line: dict[str, Any], at: str, codes: Collection[str]) -> str:
        """Whom or what a line is about."""
        given = line.get(LINE)
        if LINE in codes:
            return self.name(f"{at}/{LINE}", given)
        return str(given.get("name", "")) if isinstance(given, dict) else ""

    def remark(self, line: dict[str, Any], at: str) -> str:
        """What was remarked on a line; of a person it is as personal as the name."""
        given, place = line.get(REMARK, ""), f"{at}/{REMARK}"
        if place in self.kept:
            return str(self.kept[place][1]) if self.open_ else HIDDEN
        return _("erased") if is_commitment(given) else str(given)

    def cells(
        self, columns: Sequence[Column], values: dict[str, Any], at: str, codes: Collection[str], before: str = ""
    ) -> tuple[Cell, ...]:
        """The values in the order of the columns."""
        return tuple(self._cell(column, values.get(column.code), at, codes, before) for column in columns)

    def _cell(self, column: Column, value: Any, at: str, codes: Collection[str], before: str) -> Cell:
        label, is_out = column.title(language()), before + column.code in self.out
        if value is None or column.code not in codes:
            return Cell(column.code, label, in_words(column, value, language()), value, is_out)
        place = f"{at}/{column.code}"
        if place not in self.kept:
            return Cell(column.code, label, _("erased"), None, is_out)
        if column.kind == "person":
            return Cell(
                column.code, label, self.name(place, value), self.kept[place][1] if self.open_ else None, is_out
            )
        if not self.open_:
            return Cell(column.code, label, HIDDEN, None, False)
        return Cell(column.code, label, in_words(column, self.kept[place][1], language()), self.kept[place][1], is_out)
