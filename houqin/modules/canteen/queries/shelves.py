"""One product group in one store: what a book adds and takes back, and whether it still adds up."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.modules.canteen.queries.store import Shelf
from houqin.modules.canteen.rules.allocation import Allocation, Part, Shortage, StoreLot, Wanted, allocate
from houqin.modules.canteen.rules.conduct import kilograms
from houqin.modules.canteen.rules.paper import Problem, Row


@dataclass
class ShelfPlan:
    """A shelf with the rows of a book on it. New lots and issues have negative keys."""

    shelf: Shelf
    rows: dict[int, Row] = field(default_factory=dict)
    taking_back: list[Row] = field(default_factory=list)
    unknown_batches: list[Row] = field(default_factory=list)
    short: list[Shortage] = field(default_factory=list)

    def add_lot(self, lot: StoreLot) -> None:
        """A delivery brings a lot that was not there."""
        self.shelf.lots[lot.key] = lot

    def add_issue(self, issue: Wanted, row: Row) -> None:
        """A row of the issue ledger."""
        self.shelf.issues[issue.key] = issue
        self.rows[issue.key] = row

    def settle(self, problems: list[Problem]) -> tuple[Part, ...]:
        """Derive the lots of every paper issue. What stood before has precedence over what the book adds."""
        while True:
            found = allocate(self.shelf.lots.values(), self.shelf.issues.values(), self.shelf.held)
            self.short = [short for short in found.shortages if short.issue not in self.rows]
            if not self.short and not found.overdrawn:
                break
            culprit = self._culprit(found)
            if culprit is None:
                problems.extend(self._blame(found))
                break
            issue = self.shelf.issues.pop(culprit)
            problems.append(Problem(self.rows[culprit], self._would_lack(issue.grams), field="quantity"))
        problems.extend(self._too_much(short) for short in found.shortages if short.issue in self.rows)
        self.unknown_batches = [self.rows[key] for key in found.unknown_batches if key in self.rows]
        return found.parts

    def _culprit(self, found: Allocation) -> int | None:
        """The newest added row by which a row that stood came short."""
        if not self.short:
            return None
        refused = {short.issue for short in found.shortages}
        added = [self.shelf.issues[key] for key in self.rows if key in self.shelf.issues and key not in refused]
        first = min(self.shelf.issues[short.issue].when for short in self.short)
        before = [issue for issue in added if issue.when <= first] or added
        return max(before, key=lambda issue: (*issue.when, -issue.key)).key if before else None

    def _blame(self, found: Allocation) -> Iterable[Problem]:
        """Rows that were to be taken back, without which recorded issues would have nothing to come from."""
        for row in self.taking_back:
            yield Problem(row, self.why_short(found.overdrawn), field="quantity")

    def why_short(self, overdrawn: Iterable[int] = ()) -> Note:
        """The first recorded issue that would have nothing to come from."""
        if not self.short:
            return Note(
                "issued-already",
                _("More than that was issued from this lot already. Correct the issues first."),
            )
        first = min(self.short, key=lambda short: self.shelf.issues[short.issue].when)
        return Note(
            "issues-stand",
            _(
                "On %(day)s %(wanted)s kg were issued, for which only %(there)s kg would be left. "
                "Correct that issue first."
            ),
            {
                "day": self.shelf.issues[first.issue].day.isoformat(),
                "wanted": kilograms(first.wanted),
                "there": kilograms(first.there),
            },
        )

    def _would_lack(self, grams: int) -> Note:
        return Note(
            "issues-stand-after",
            _("With these %(wanted)s kg, issues recorded already for later meals would have nothing to come from."),
            {"wanted": kilograms(grams)},
        )

    def _too_much(self, short: Shortage) -> Problem:
        params = {"wanted": kilograms(short.wanted), "there": kilograms(short.there)}
        if short.batch:
            text = _("%(wanted)s kg issued of batch %(batch)s, of which only %(there)s kg were in store.")
            return Problem(
                self.rows[short.issue],
                Note("too-much-of-batch", text, params | {"batch": short.batch}),
                field="quantity",
            )
        text = _("%(wanted)s kg issued, but only %(there)s kg were in store.")
        return Problem(self.rows[short.issue], Note("too-much", text, params), field="quantity")
