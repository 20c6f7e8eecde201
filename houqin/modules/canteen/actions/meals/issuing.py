"""From the store to the pot: the whole plan of a meal in one deed."""

from collections.abc import Iterator, Sequence
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import recording, recording_each, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.inserting import insert_rows
from houqin.core.tables.statements import Statement
from houqin.modules.canteen.actions.meals.opening import ForMeal, check_meal, open_meal
from houqin.modules.canteen.actions.meals.taking import HeldStore, IssueLine, Taken
from houqin.modules.canteen.actions.moving import Moves
from houqin.modules.canteen.actions.reasons import LONGEST_REASON
from houqin.modules.canteen.actions.stopping import check_not_stopped
from houqin.modules.canteen.models import Issue, Meal, Origin
from houqin.modules.canteen.queries.stock import unsigned_deliveries
from houqin.modules.canteen.rules.allocation import Part

MOST_LINES = 200
titled({
    "canteen.issued": _("Issued to a meal"),
    "canteen.meal_issued": _("Goods issued for the meal"),
    "canteen.used_before_signature": _("Used before the second signature"),
})  # fmt: skip


@verb
def issue_meal(
    org: OrgUnit,
    *,
    by: Viewer,
    meal: Meal | ForMeal,
    lines: Sequence[IssueLine],
    taken_by: str = "",
    urgent_reason: str = "",
    seen: int | None = None,
    idempotency: UUID | None = None,
) -> list[Issue]:
    """Take goods from the store for a meal: each line from the lot it names, else the oldest produced first. All or nothing.

    A frozen lot is never given out, nor one past its date, and never more than is there; every line that cannot be had is
    told at once. Goods that wait for a second signature are given out for an ``urgent_reason`` only: then the trail says
    so, and the delivery waits for the head of school. ``seen`` is how many issues to this meal the person had before
    their eyes; when somebody else has issued since, nothing is taken a second time. Sent twice with one ``idempotency``
    key it is recorded once.
    """
    require(by, "canteen.record", at=org)
    check_meal(org, meal)
    check_not_stopped(org)
    if meal.day > by.today:
        raise Refused(_("Goods are issued on the day of the meal, not before."), field="day")
    urgent_reason = urgent_reason.strip()
    if len(urgent_reason) > LONGEST_REASON:
        raise Refused(_("Say it in %(most)s characters at most.") % {"most": LONGEST_REASON}, field="urgent_reason")
    if not 0 < len(lines) <= MOST_LINES:
        raise Refused(_("Nothing is to be issued. Write a weight beside at least one product."))
    store = HeldStore(org, [line.product for line in lines], by)
    keys = [uuid5(idempotency, str(place)) if idempotency else None for place in range(len(lines))]
    known = _known(org, lines, keys)
    if known:
        return known
    _check_seen(org, meal, seen)
    taken = store.take_all(lines, urgent=bool(urgent_reason))
    row = open_meal(org, meal)
    issues = insert_rows(
        Issue(
            org=org,
            meal=row,
            product=one.line.product,
            issued_on=row.day,
            quantity_grams=one.line.grams,
            named_batch=one.line.lot.batch if one.line.lot else "",
            taken_by=taken_by,
            urgent_reason=urgent_reason if one.unsigned else "",
            origin=Origin.LIVE,
            repeat_key=key,
            recorded_at=by.now,
        )
        for one, key in zip(taken, keys, strict=True)
    )
    moves = Moves(by)
    for issue, one in zip(issues, taken, strict=True):
        for lot, grams in one.parts:
            moves.part(issue, Part(issue.pk, lot.pk, grams, one.certain), lot.pk)
    moves.write(store.lots, *_told(row, issues, taken, urgent_reason, by))
    return issues


def _known(org: OrgUnit, lines: Sequence[IssueLine], keys: Sequence[UUID | None]) -> list[Issue]:
    """What was recorded under these keys before; other contents under the same key are a mistake of the sender."""
    found = {row.repeat_key: row for row in Issue.objects.filter(repeat_key__in=[key for key in keys if key])}
    if not found:
        return []
    wanted = [(org.pk, line.product.pk, line.grams) for line in lines]
    rows = [found[key] for key in keys if key in found]
    if [(row.org_id, row.product_id, row.quantity_grams) for row in rows] != wanted:
        raise Refused(_("This was recorded already, with other contents. Reload the page and look."))
    return rows


def _check_seen(org: OrgUnit, meal: Meal | ForMeal, seen: int | None) -> None:
    """Nobody has issued to the meal since the person looked."""
    if seen is None:
        return
    issues = Issue.objects.filter(org=org, meal__day=meal.day, meal__kind=meal.kind)
    if issues.count() != seen:
        raise Refused(
            _(
                "Meanwhile somebody else issued goods for this meal, so nothing was taken from the store a second time. "
                "Below is what is still to be issued; look and issue that."
            )
        )


def _told(
    meal: Meal, issues: Sequence[Issue], taken: Sequence[Taken], urgent_reason: str, by: Viewer
) -> Iterator[Statement]:
    """What the trail is told."""
    told = str(meal)
    details = [
        {
            "meal": told, "product": one.line.product.name, "grams": one.line.grams,
            "lots": {str(lot.public_id): grams for lot, grams in one.parts},
        }
        for one in taken
    ]  # fmt: skip
    yield from recording_each("canteen.issued", zip(issues, details, strict=True), by=by, org=meal.org)
    total = sum(one.line.grams for one in taken)
    yield recording("canteen.meal_issued", meal, by=by, org=meal.org, products=len(issues), grams=total)
    early = {lot.pk for one in taken if one.unsigned for lot, _grams in one.parts}
    for delivery in unsigned_deliveries(early) if early else ():
        yield recording("canteen.used_before_signature", delivery, by=by, org=meal.org, meal=told, reason=urgent_reason)
