"""Which lots a deed takes from: the school's store is held, every line is chosen, what cannot be had is told at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.moving import lock_schools
from houqin.modules.canteen.models import Lot, Product
from houqin.modules.canteen.policies import SIGNATURE_FIRST
from houqin.modules.canteen.queries.evidence import sealed_lots
from houqin.modules.canteen.queries.signing import unsigned_lots
from houqin.modules.canteen.queries.stock import lots_of_groups, may_sign, unsigned_deliveries
from houqin.modules.canteen.rules.conduct import kilograms
from houqin.modules.canteen.rules.issuing import Bar, bar_of, first_produced, split


@dataclass(frozen=True)
class IssueLine:
    """Grams of a product for a meal: from the lot named, else the oldest produced first."""

    product: Product
    grams: int
    lot: Lot | None = None


@dataclass(frozen=True)
class Taken:
    """A line with the lots that give it. ``certain``: no other lot could have; ``unsigned``: one waits for a signature."""

    line: IssueLine
    parts: tuple[tuple[Lot, int], ...]
    certain: bool
    unsigned: bool


class HeldStore:
    """A school's lots of some products under all their names, held until the deed is done.

    Frozen ones are held too: a recall that is just freezing one waits for us, or we for it. Of a lot that was waited for the
    database gives what stands now; what hangs on it and may have changed meanwhile (the recall) is read afterwards.
    """

    def __init__(self, org: OrgUnit, products: Iterable[Product], by: Viewer) -> None:
        self.org, self.day = org, by.today
        lock_schools([org.pk])
        rows = lots_of_groups(org, {product.canonical_id for product in products})
        locked = list(rows.select_for_update(of=("self",)).select_related("product").order_by("pk"))
        held = [lot.pk for lot in locked]
        self.lots: dict[int, Lot] = {lot.pk: lot for lot in first_produced(locked)}
        self.left = {lot.pk: lot.on_hand_grams for lot in self.lots.values()}
        self.of_group: dict[int, list[Lot]] = defaultdict(list)
        for lot in self.lots.values():
            self.of_group[lot.product.canonical_id].append(lot)
        self.sealed = sealed_lots(held)
        self.unsigned = unsigned_lots(held) if value_of(SIGNATURE_FIRST, org) else set()

    def take_all(self, lines: Sequence[IssueLine], *, urgent: bool) -> list[Taken]:
        """Choose the lots of every line. All of them, or a refusal that tells each line that cannot be had."""
        taken, problems = [], []
        for line in lines:
            try:
                taken.append(self._take(line, () if urgent else self.unsigned))
            except Refused as problem:
                problems.append(problem)
        if len(problems) == 1:
            raise problems[0]
        if problems:
            raise Refused(" ".join(str(problem.message) for problem in problems))
        return taken

    def _take(self, line: IssueLine, unsigned: Collection[int]) -> Taken:
        _check_line(self.org, line)
        there = [lot for lot in self.of_group[line.product.canonical_id] if self.left[lot.pk]]
        by_bar: dict[Bar | None, list[Lot]] = defaultdict(list)
        for lot in there:
            if lot.received_on <= self.day and lot.pk not in self.sealed:
                by_bar[bar_of(lot, self.day, unsigned)].append(lot)
        usable = by_bar[None]
        if line.lot is None:
            if sum(self.left[lot.pk] for lot in usable) < line.grams:
                raise self._too_little(line, by_bar)
            parts = split(usable, line.grams, self.left)
        else:
            parts = [(self._named(line.lot, line.grams, there, usable, unsigned), line.grams)]
        for lot, grams in parts:
            self.left[lot.pk] -= grams
        certain = line.lot is not None or len(there) == 1
        return Taken(line, tuple(parts), certain, any(lot.pk in self.unsigned for lot, _grams in parts))

    def _named(
        self, named: Lot, grams: int, there: Sequence[Lot], usable: Sequence[Lot], unsigned: Collection[int]
    ) -> Lot:
        """The lot that the line names, if it can give that much."""
        lot = next((row for row in there if row.pk == named.pk), None)
        others = [row for row in usable if row.pk != named.pk]
        if lot is None:
            raise Refused(
                _("Nothing is left of %(lot)s. %(other)s") % {"lot": named, "other": self._other(others)}, field="lot"
            )
        bar = bar_of(lot, self.day, unsigned)
        words: dict[str, Any] = {"lot": lot, "other": self._other(others)}
        if lot.pk in self.sealed:
            words["case"] = self.sealed[lot.pk]
            raise Refused(_("%(lot)s is sealed as evidence of %(case)s. %(other)s") % words, field="lot")
        if bar == Bar.FROZEN:
            words["recall"] = lot.frozen_by
            raise Refused(
                _("%(lot)s is frozen by recall %(recall)s and may not be used. %(other)s") % words, field="lot"
            )
        if bar == Bar.EXPIRED:
            words["day"] = lot.expires_on
            raise Refused(_("%(lot)s kept until %(day)s and may not be used any more. %(other)s") % words, field="lot")
        if bar == Bar.UNSIGNED:
            words["names"] = may_sign(unsigned_deliveries([lot.pk]), self.org)
            raise Refused(
                _("%(lot)s waits for the second signature. %(names)s may sign; then issue it. %(other)s") % words,
                field="lot",
            )
        if self.left[lot.pk] < grams:
            words |= {"there": kilograms(self.left[lot.pk]), "wanted": kilograms(grams)}
            raise Refused(
                _("Of %(lot)s only %(there)s kg are in store, not %(wanted)s kg. %(other)s") % words, field="grams"
            )
        return lot

    def _other(self, usable: Sequence[Lot]) -> Any:
        """What may be used instead."""
        if not usable:
            return _("There is no other in store.")
        return _("Use %(lot)s: %(there)s kg left.") % {"lot": usable[0], "there": kilograms(self.left[usable[0].pk])}

    def _too_little(self, line: IssueLine, by_bar: Mapping[Bar | None, Sequence[Lot]]) -> Refused:
        """How much there is, and what is there besides that may not be used."""
        words = {
            "product": line.product, "wanted": kilograms(line.grams), "there": kilograms(self._sum(by_bar.get(None, ()))),
        }  # fmt: skip
        told = [_("%(wanted)s kg of %(product)s are wanted; %(there)s kg may be used.") % words]
        frozen, expired, unsigned = (by_bar.get(bar, ()) for bar in (Bar.FROZEN, Bar.EXPIRED, Bar.UNSIGNED))
        sealed = [lot for lot in self.of_group[line.product.canonical_id] if lot.pk in self.sealed]
        if sealed:
            words = {"grams": kilograms(self._sum(sealed)), "case": self.sealed[sealed[0].pk]}
            told.append(_("Another %(grams)s kg are sealed as evidence of %(case)s.") % words)
        if frozen:
            words = {"grams": kilograms(self._sum(frozen)), "recall": frozen[0].frozen_by}
            told.append(_("Another %(grams)s kg are frozen by recall %(recall)s.") % words)
        if expired:
            told.append(_("Another %(grams)s kg are past their date.") % {"grams": kilograms(self._sum(expired))})
        if unsigned:
            names = may_sign(unsigned_deliveries([lot.pk for lot in unsigned]), self.org)
            words = {"grams": kilograms(self._sum(unsigned)), "names": names}
            told.append(
                _(
                    "Another %(grams)s kg wait for the second signature: %(names)s may sign. "
                    "If nobody is there, write why it cannot wait; the head of school countersigns afterwards."
                )
                % words
            )
        return Refused(" ".join(str(one) for one in told), field="grams")

    def _sum(self, lots: Iterable[Lot]) -> int:
        return sum(self.left[lot.pk] for lot in lots)


def _check_line(org: OrgUnit, line: IssueLine) -> None:
    """More than nothing, of a product in sight of the school, from a lot of that product."""
    if line.grams <= 0:
        raise Refused(_("The weight has to be more than nothing."), field="grams")
    if line.product.org.path not in {org.path, *org.ancestor_paths}:
        raise NotVisible
    if line.lot is None:
        return
    if line.lot.org_id != org.pk:
        raise NotVisible
    if line.lot.product.canonical_id != line.product.canonical_id:
        raise Refused(_("%(lot)s is not %(product)s.") % {"lot": line.lot, "product": line.product}, field="lot")
