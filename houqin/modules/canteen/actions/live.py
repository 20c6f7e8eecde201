"""Work as it happens: what is taken from the store for a meal, and who ate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import ClassGroup
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.moving import Moves
from houqin.modules.canteen.models import Headcount, Issue, Lot, Meal, MealKind, Origin, Product
from houqin.modules.canteen.rules.allocation import Part
from houqin.modules.canteen.rules.conduct import kilograms

titled({"canteen.issued": _("Issued to a meal"), "canteen.headcount_recorded": _("Eaters counted")})
MOST_EATERS = 20_000  # no school has more; a larger number is a slip of the finger


@dataclass(frozen=True)
class ForMeal:
    """The meal that goods are for."""

    day: date
    kind: str


@verb
def issue_to_meal(
    org: OrgUnit,
    *,
    by: Viewer,
    meal: Meal | ForMeal,
    product: Product,
    grams: int,
    lot: Lot | None = None,
    taken_by: str = "",
    idempotency: UUID | None = None,
) -> Issue:
    """Take goods from the store for a meal: from the lot named, else the oldest produced first.

    A frozen lot is never given out, and never more than is there. Sent twice with one ``idempotency`` key it is recorded
    once.
    """
    require(by, "canteen.record", at=org)
    _check_entries(meal, grams, by)
    _check_product(org, product, lot)
    lots = _locked_lots(org, product)
    known = Issue.objects.filter(repeat_key=idempotency).first() if idempotency else None
    if known:
        return _same(known, org, product, grams)
    chosen = _choose(lots, lot, product, grams, by.today)
    issue: Issue = Issue.objects.create(
        org=org,
        meal=_meal(org, meal),
        product=product,
        issued_on=meal.day,
        quantity_grams=grams,
        named_batch=lot.batch if lot else "",
        taken_by=taken_by,
        origin=Origin.LIVE,
        repeat_key=idempotency,
        recorded_at=by.now,
    )
    moves = Moves(by)
    certain = lot is not None or sum(row.on_hand_grams > 0 for row in lots) == 1
    for row, part in chosen:
        moves.part(issue, Part(issue.pk, row.pk, part, certain), row.pk)
    moves.write({row.pk: row for row in lots})
    record(
        "canteen.issued", issue, by=by, org=org, meal=str(issue.meal), product=product.name, grams=grams,
        lots={str(row.public_id): part for row, part in chosen},
    )  # fmt: skip
    return issue


def _check_entries(meal: Meal | ForMeal, grams: int, by: Viewer) -> None:
    if grams <= 0:
        raise Refused(_("The weight has to be more than nothing."), field="grams")
    if meal.kind not in MealKind.values:
        raise Refused(_("Choose the meal."), field="kind")
    if meal.day > by.today:
        raise Refused(_("Goods are issued on the day of the meal, not before."), field="day")


def _check_product(org: OrgUnit, product: Product, lot: Lot | None) -> None:
    """Both are in sight of the school, and the lot is of the product."""
    if product.org.path not in {org.path, *org.ancestor_paths}:
        raise NotVisible
    if lot is None:
        return
    if lot.org_id != org.pk:
        raise NotVisible
    if lot.product.canonical_id != product.canonical_id:
        raise Refused(_("%(lot)s is not %(product)s.") % {"lot": lot, "product": product}, field="lot")


def _locked_lots(org: OrgUnit, product: Product) -> list[Lot]:
    """The school's lots of the product under all its names, held until the deed is done, oldest produced first.

    Frozen ones are held too: a recall that is just freezing one waits for us, or we for it. What it wrote is read after
    the lock (a row joined in the locking query itself would be as old as the wait).
    """
    names = Product.objects.group_of(product).values_list("pk", flat=True)
    rows = Lot.objects.filter(org=org, product_id__in=list(names), on_hand_grams__gt=0)
    held = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    locked = Lot.objects.filter(pk__in=held).select_related("product", "frozen_by")
    return sorted(locked, key=lambda lot: (lot.produced_on or lot.received_on, lot.received_on, lot.pk))


def _choose(lots: Sequence[Lot], named: Lot | None, product: Product, grams: int, today: date) -> list[tuple[Lot, int]]:
    """The lots to take from, and how much of each."""
    usable = [lot for lot in lots if not lot.is_frozen and lot.received_on <= today]
    if named is None:
        there, frozen = _sum(usable), [lot for lot in lots if lot.is_frozen]
        if there < grams:
            raise _too_little(product, grams, there, frozen)
        return _split(usable, grams)
    lot = next((row for row in lots if row.pk == named.pk), None)
    if lot is None:
        raise Refused(_("Nothing is left of %(lot)s. %(other)s") % {"lot": named, "other": _other(usable)}, field="lot")
    if lot.is_frozen:
        raise Refused(
            _("%(lot)s is frozen by recall %(recall)s and may not be used. %(other)s")
            % {"lot": lot, "recall": lot.frozen_by, "other": _other(usable)},
            field="lot",
        )
    if lot.on_hand_grams < grams:
        raise Refused(
            _("Of %(lot)s only %(there)s kg are in store, not %(wanted)s kg. %(other)s")
            % {
                "lot": lot,
                "there": kilograms(lot.on_hand_grams),
                "wanted": kilograms(grams),
                "other": _other([row for row in usable if row.pk != lot.pk]),
            },
            field="grams",
        )
    return [(lot, grams)]


def _sum(lots: Sequence[Lot]) -> int:
    return sum(lot.on_hand_grams for lot in lots)


def _split(lots: Sequence[Lot], grams: int) -> list[tuple[Lot, int]]:
    parts = []
    for lot in lots:
        part = min(grams, lot.on_hand_grams)
        if part:
            parts.append((lot, part))
            grams -= part
    return parts


def _too_little(product: Product, grams: int, there: int, frozen: Sequence[Lot]) -> Refused:
    words: dict[str, Any] = {"product": product, "wanted": kilograms(grams), "there": kilograms(there)}
    if frozen:
        words |= {"frozen": kilograms(_sum(frozen)), "recall": frozen[0].frozen_by}
        text = _(
            "%(wanted)s kg of %(product)s are wanted; %(there)s kg may be used. "
            "Another %(frozen)s kg are frozen by recall %(recall)s."
        )
    else:
        text = _("%(wanted)s kg of %(product)s are wanted; only %(there)s kg are in store.")
    return Refused(text % words, field="grams")


def _other(usable: Sequence[Lot]) -> Any:
    """What may be used instead."""
    if not usable:
        return _("There is no other in store.")
    return _("Use %(lot)s: %(there)s kg left.") % {"lot": usable[0], "there": kilograms(usable[0].on_hand_grams)}


def _same(known: Issue, org: OrgUnit, product: Product, grams: int) -> Issue:
    if (known.org_id, known.product_id, known.quantity_grams) != (org.pk, product.pk, grams):
        raise Refused(_("This was recorded already, with other contents. Reload the page and look."))
    return known


def _meal(org: OrgUnit, meal: Meal | ForMeal) -> Meal:
    if isinstance(meal, Meal):
        if meal.org_id != org.pk:
            raise NotVisible
        return meal
    if org.kind not in (Kind.SCHOOL, Kind.CAMPUS):
        raise Refused(_("Meals are cooked in schools."))
    found, _made = Meal.objects.get_or_create(org=org, day=meal.day, kind=meal.kind)
    return found  # type: ignore[no-any-return]


@verb
def record_headcount(meal: Meal, *, by: Viewer, counts: Mapping[ClassGroup | None, int]) -> list[Headcount]:
    """Record who ate, by class, or of the whole school under ``None``. A second count replaces the first."""
    require(by, "canteen.record", at=meal.org)
    Meal.objects.select_for_update(of=("self",)).get(pk=meal.pk)
    for group, eaters in counts.items():
        if group is not None and group.org_id != meal.org_id:
            raise NotVisible
        if not 0 <= eaters <= MOST_EATERS:
            raise Refused(_("Count the eaters as a number from 0 to 20,000."), field="eaters")
    if meal.day > by.today:
        raise Refused(_("Eaters are counted at the meal, not before."), field="day")
    known = {row.class_group_id: row for row in Headcount.objects.filter(meal=meal).select_related("class_group")}
    before = {str(row.class_group or ""): row.eaters for row in known.values()}
    after = {str(group or ""): eaters for group, eaters in counts.items()}
    if before == after:
        return list(known.values())
    Headcount.objects.filter(meal=meal).delete()
    rows: list[Headcount] = Headcount.objects.bulk_create(
        Headcount(org_id=meal.org_id, meal=meal, class_group=group, eaters=eaters) for group, eaters in counts.items()
    )
    record("canteen.headcount_recorded", meal, by=by, org=meal.org, before=before, after=after)
    return rows
