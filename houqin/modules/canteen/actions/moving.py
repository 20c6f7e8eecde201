"""Writing stock moves and the balances that follow from them; for the verbs of this folder."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.adding import addition
from houqin.core.tables.inserting import insertions
from houqin.core.tables.statements import Statement, together
from houqin.modules.canteen.models import DeliveryLine, Issue, Lot, MoveKind, StockEntry, StockMove
from houqin.modules.canteen.rules.allocation import Part

BATCH = 500


def lock_schools(org_ids: Iterable[int]) -> list[OrgUnit]:
    """Hold schools' stores for a deed, always in the same order; everything that writes stock begins here."""
    rows = OrgUnit.objects.select_for_update(no_key=True).filter(pk__in=set(org_ids)).order_by("pk")
    return list(rows)


class Moves:
    """Moves of one deed, gathered and written at once with the balances of their lots."""

    def __init__(self, by: Viewer) -> None:
        self.by = by
        self.rows: list[StockMove] = []

    def line(self, line: DeliveryLine, *, back: bool = False) -> None:
        """A delivery line comes into its lot, or is taken back."""
        kind = MoveKind.REVERSED if back else MoveKind.RECEIVED
        grams = -line.quantity_grams if back else line.quantity_grams
        self._add(line.delivered_on, line.org_id, line.lot_id, kind, grams, line=line)

    def part(self, issue: Issue, part: Part, lot_id: int, *, back: bool = False) -> None:
        """Part of an issue leaves a lot, or comes back to it."""
        kind = MoveKind.REVERSED if back else MoveKind.ISSUED
        grams = part.grams if back else -part.grams
        self._add(issue.issued_on, issue.org_id, lot_id, kind, grams, issue=issue, certain=part.certain)

    def entry(self, entry: StockEntry, *, back: bool = False) -> None:
        """Goods come or go as an entry says, or that is taken back."""
        kind = MoveKind.REVERSED if back else MoveKind.ENTERED
        grams = -entry.grams if back else entry.grams
        self._add(entry.day, entry.org_id, entry.lot_id, kind, grams, entry=entry, certain=True)

    def _add(
        self,
        day: date,
        org_id: int,
        lot_id: int,
        kind: str,
        grams: int,
        *,
        line: DeliveryLine | None = None,
        issue: Issue | None = None,
        entry: StockEntry | None = None,
        certain: bool = False,
    ) -> None:
        self.rows.append(
            StockMove(
                day=day,
                org_id=org_id,
                lot_id=lot_id,
                kind=kind,
                grams=grams,
                line=line,
                issue=issue,
                entry=entry,
                meal_id=issue.meal_id if issue else None,
                is_certain=certain,
                at=self.by.now,
                account_id=self.by.account_id,
            )
        )

    def write(self, lots: Mapping[int, Lot], *more: Statement) -> None:
        """Write the moves, bring the lots' balances in step and send what else the deed has to write, all in one message.

        ``lots`` are the locked rows by id.
        """
        change: dict[int, int] = defaultdict(int)
        for move in self.rows:
            change[move.lot_id] += move.grams
        for lot_id, grams in change.items():
            lots[lot_id].on_hand_grams += grams
            if lots[lot_id].on_hand_grams < 0:
                raise Refused(_("There is not that much in store."))
        amounts = {lot_id: grams for lot_id, grams in change.items() if grams}
        batches = list(insertions(self.rows))
        for batch in batches[:-1]:
            together(batch)
        last = [*batches[-1:], *([addition(Lot, "on_hand_grams", amounts)] if amounts else []), *more]
        if last:
            together(*last)
