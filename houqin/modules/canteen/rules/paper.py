"""Rows of paper ledgers as they were understood, ready to be written: what `record_from_paper` takes. Pure."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from houqin.lib.notes import Note

Row = Hashable
NO_SUPPLIER = "（未写供货单位）"


@dataclass(frozen=True)
class PaperDelivery:
    """One line of the 进货 ledger. ``row`` is the caller's name for it; results come back under it.

    Names are given as recorded. ``unit_price`` is in 0.0001 yuan per unit as written. ``warnings`` found while reading
    are kept with the line.
    """

    row: Row
    org_id: int
    day: date
    product: str
    grams: int
    supplier: str = ""
    written_quantity: str = ""
    unit_price: int | None = None
    amount_fen: int = 0
    produced_on: date | None = None
    batch: str = ""
    expires_on: date | None = None
    certificate_number: str = ""
    senses: str = ""
    accepted_by: str = ""
    note: str = ""
    warnings: tuple[Note, ...] = ()


@dataclass(frozen=True)
class PaperIssue:
    """One line of the 出库 ledger. ``kind`` is breakfast, lunch or dinner; left empty it is taken as lunch.

    ``produced_on`` names the lot where the ledger has no batch but a production date. ``eaters`` is how many ate the
    meal, where the ledger counts them.
    """

    row: Row
    org_id: int
    day: date
    product: str
    grams: int
    kind: str = ""
    batch: str = ""
    produced_on: date | None = None
    taken_by: str = ""
    eaters: int | None = None
    warnings: tuple[Note, ...] = ()

    @property
    def named_batch(self) -> str:
        """What the ledger names the lot by."""
        return self.batch or (self.produced_on.isoformat() if self.produced_on else "")


@dataclass(frozen=True)
class PaperDish:
    """A dish and its ingredients: product name → grams a head."""

    name: str
    ingredients: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class PaperMenu:
    """The weighed menu of one meal. ``org_id`` is whoever made it: an office for all its schools, or a school."""

    row: Row
    org_id: int
    day: date
    kind: str
    dishes: tuple[PaperDish, ...]


@dataclass(frozen=True)
class Reversal:
    """Something recorded earlier that was wrong: a delivery line, an issue or a menu, by its public id."""

    row: Row
    public_id: UUID
    reason: str


@dataclass(frozen=True)
class PaperBook:
    """Everything one import writes at once. A correction is a reversal and a new row.

    Each delivery, issue and menu has a ``row`` of its own; a reversal shares the ``row`` of what replaces it, so that
    both are refused or written together. ``same_suppliers`` and ``same_products`` say which name means which: name → the name that is kept.
    """

    deliveries: tuple[PaperDelivery, ...] = ()
    issues: tuple[PaperIssue, ...] = ()
    menus: tuple[PaperMenu, ...] = ()
    reversed_lines: tuple[Reversal, ...] = ()
    reversed_issues: tuple[Reversal, ...] = ()
    dropped_menus: tuple[Reversal, ...] = ()
    same_suppliers: Mapping[str, str] = field(default_factory=dict)
    same_products: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = [row.row for row in self.rows]
        if len(set(rows)) < len(rows):
            raise ValueError("two rows of a book share a name")

    @property
    def rows(self) -> tuple["PaperDelivery | PaperIssue | PaperMenu", ...]:
        """Everything new."""
        return (*self.deliveries, *self.issues, *self.menus)

    @property
    def product_names(self) -> frozenset[str]:
        """Every product that the book mentions."""
        rows = {row.product for row in self.deliveries} | {row.product for row in self.issues}
        eaten = {name for menu in self.menus for dish in menu.dishes for name, _grams in dish.ingredients}
        return frozenset(rows | eaten | set(self.same_products) | set(self.same_products.values()))

    @property
    def supplier_names(self) -> frozenset[str]:
        """Every supplier that the book mentions."""
        rows = {row.supplier or NO_SUPPLIER for row in self.deliveries}
        return frozenset(rows | set(self.same_suppliers) | set(self.same_suppliers.values()))

    @property
    def org_ids(self) -> frozenset[int]:
        """Every school or office that gets a row."""
        return frozenset(row.org_id for row in self.rows)


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be written (``refuses``) or what is odd about it."""

    row: Row
    note: Note
    refuses: bool = True
    field: str = ""
