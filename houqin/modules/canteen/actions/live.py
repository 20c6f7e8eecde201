"""One product for a meal, and who ate."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.meals import ForMeal, IssueLine, issue_meal
from houqin.modules.canteen.models import EaterKind, Headcount, Issue, Lot, Meal, Product

__all__ = ["ForMeal", "issue_to_meal", "record_headcount"]
titled({"canteen.headcount_recorded": _("Eaters counted")})
MOST_EATERS = 20_000  # no school has more; a larger number is a slip of the finger


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
    """Take one product from the store for a meal, as ``issue_meal`` does."""
    line = IssueLine(product, grams, lot)
    return issue_meal(org, by=by, meal=meal, lines=[line], taken_by=taken_by, idempotency=idempotency)[0]


@verb
def record_headcount(meal: Meal, *, by: Viewer, counts: Mapping[ClassGroup | None, int]) -> list[Headcount]:
    """Record whom the kitchen counted, by class, or all pupils under ``None``. A second count replaces the first.

    What classes reported themselves, and staff and guests, stay: a report stands for its class; the count of all pupils
    takes the place of their sum.
    """
    require(by, "canteen.record", at=meal.org)
    Meal.objects.select_for_update(of=("self",)).get(pk=meal.pk)
    for group, eaters in counts.items():
        if group is not None and group.org_id != meal.org_id:
            raise NotVisible
        if not 0 <= eaters <= MOST_EATERS:
            raise Refused(_("Count the eaters as a number from 0 to 20,000."), field="eaters")
    if meal.day > by.today:
        raise Refused(_("Eaters are counted at the meal, not before."), field="day")
    own = Headcount.objects.filter(meal=meal, kind=EaterKind.PUPILS)
    told = own.filter(reported_at__isnull=False, class_group__in=[group for group in counts if group]).first()
    if told:
        raise Refused(
            _("%(class)s has reported %(eaters)s eaters itself. Change its report, or count the whole school.")
            % {"class": told.class_group, "eaters": told.eaters}
        )
    counted = own.filter(reported_at__isnull=True)
    known = {row.class_group_id: row for row in counted.select_related("class_group")}
    before = {str(row.class_group or ""): row.eaters for row in known.values()}
    after = {str(group or ""): eaters for group, eaters in counts.items()}
    if before == after:
        return list(known.values())
    counted.delete()
    rows: list[Headcount] = Headcount.objects.bulk_create(
        Headcount(org_id=meal.org_id, meal=meal, class_group=group, eaters=eaters, account_id=by.account_id)
        for group, eaters in counts.items()
    )
    record("canteen.headcount_recorded", meal, by=by, org=meal.org, before=before, after=after)
    return rows
