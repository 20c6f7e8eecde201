"""What a module says about one of its sheets: how it looks (`Shape`), what its rows become, what it sums up to.

A module registers its kinds in its `sheets` module (loaded at start):

    register(SheetKind(shape=DELIVERIES, order=40, key=("day", "product"), apply=record_ledger, summarise=…))
    register_names(Suppliers())

Reading, matching names, finding what changed since the last import and the lineage of every row are done here.
`apply` is called once, inside the one write transaction, with the rows of all kinds that share it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.naming.likeness import KnownName, Likeness
from houqin.flows.sheets.reading.shapes import Shape
from houqin.lib.notes import Note

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class RowToWrite:
    """One line of a sheet, ready to be recorded.

    `values` are typed by the fields of the shape (days as date, money as fen, `grams` as int …), names as written.
    `replaces` is what an earlier import wrote for this line: reverse that, then record this. A row that is refused
    leaves what it would have replaced standing."""

    org: OrgUnit
    values: Mapping[str, Any]
    place: str
    warnings: tuple[Note, ...] = ()
    replaces: UUID | None = None


@dataclass
class Work:
    """What one kind has to write: rows in the order of the sheets, and earlier rows that vanished from them.

    Rows that are known already and unchanged do not come."""

    rows: list[RowToWrite] = field(default_factory=list)
    reverse: list[UUID] = field(default_factory=list)
    kept: dict[UUID, Note] = field(default_factory=dict)  # set by the applier: reversals that were refused, and why


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: the public id it is recorded under, or why it could not be; and what to look at."""

    target: UUID | None
    refusal: Note | None = None
    warnings: tuple[Note, ...] = ()


@dataclass(frozen=True)
class ApplyContext:
    """The import that writes: its unit, its public id, the days that its ledgers span, and what names mean.

    `same` is by name book: ``{"supplier": {"宏发生鲜": "宏发生鲜配送有限公司"}}``, only what was accepted."""

    under: OrgUnit
    run: UUID
    first_day: date | None
    last_day: date | None
    today: date
    same: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Applier(Protocol):
    """Records rows in the caller's transaction: all it can, an `Outcome` for each row in the order given.

    `work` is by kind code; kinds that share an applier arrive together, so that (for instance) a corrected delivery
    and the issues taken from it can be settled at once. Rows of conduct (past shelf life, one acceptor) become
    warnings; only what cannot be true (more issued than in stock) is a refusal. Must be set-based: 10,000 rows ≤ 5 s.
    """

    def __call__(
        self, work: Mapping[str, Work], *, context: ApplyContext, by: Viewer
    ) -> Mapping[str, Sequence[Outcome]]: ...


def _no_summary(targets: Sequence[UUID]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class SheetKind:
    """One kind of sheet that a module understands.

    `order`: schools 10, staff 20, pupils 30, menus 35, deliveries 40, issues 50. `permission` is needed at the unit of
    every row. `key` names the values that say *which* fact a row is (beside unit and kind); the rest is *what* it says.
    `summarise` turns the recorded targets of an import into entries of its result (JSON values)."""

    shape: Shape
    order: int
    permission: str
    key: tuple[str, ...]
    apply: Applier
    summarise: Callable[[Sequence[UUID]], dict[str, Any]] = _no_summary
    creates_schools: bool = False
    told: Callable[[Mapping[str, Any]], str] | None = None  # a row in a few words, for lists of changes

    @property
    def code(self) -> str:
        """The shape's code."""
        return self.shape.code


class NameBook(Protocol):
    """Where the names of one sort (suppliers, products) are recorded."""

    code: str

    @property
    def title(self) -> StrOrPromise:
        """What these names are, in the plural."""

    def known(self, under: OrgUnit) -> list[KnownName]:
        """Names visible at this unit."""

    def likely(self, new: Mapping[str, frozenset[str]], known: Sequence[KnownName]) -> list[Likeness]:
        """Which new names mean which other name; `new` maps each to what it occurs with (a supplier's goods)."""

    def undo(self, under: OrgUnit, name: str, *, by: Viewer) -> None:
        """Let a merged name stand for itself again."""


KINDS: dict[str, SheetKind] = {}
NAME_BOOKS: dict[str, NameBook] = {}


def register(kind: SheetKind) -> None:
    """Make a kind of sheet known; called when the module is loaded."""
    KINDS[kind.code] = kind


def register_names(book: NameBook) -> None:
    """Make a sort of names known."""
    NAME_BOOKS[book.code] = book


def shapes() -> list[Shape]:
    """The look of every known kind, in the order of writing."""
    return [kind.shape for kind in in_order()]


def in_order() -> list[SheetKind]:
    """Every kind, in the order of writing."""
    return sorted(KINDS.values(), key=lambda kind: (kind.order, kind.code))
