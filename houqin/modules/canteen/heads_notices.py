"""Telling the kitchen that other numbers eat than it has been cooking for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled
from houqin.core.grants.models import Grant
from houqin.core.grants.viewers import accounts_holding
from houqin.core.notices.actions import tell
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account, ClassGroup
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.apps import KITCHEN
from houqin.modules.canteen.models import Issue, Meal
from houqin.modules.canteen.queries.heads import heads_of

CHANGED = "canteen.heads_changed"
titled({CHANGED: _("Other number of eaters")})


@dataclass(frozen=True)
class Change:
    """So many of a class eat a meal, not as many as stood there before."""

    meal: Meal
    group: ClassGroup
    before: int
    after: int


def tell_kitchen(org: OrgUnit, changes: Sequence[Change], *, by: Viewer, is_late: bool) -> None:
    """Tell keepers and cooks of what came late, or after goods were issued; the meal's page keeps it with both numbers."""
    issued = Issue.objects.standing().filter(meal__in=[one.meal for one in changes])
    begun = set(issued.values_list("meal_id", flat=True))
    late = [one for one in changes if is_late or one.meal.pk in begun]
    if not late:
        return
    heads = heads_of([(one.meal.org_id, one.meal.day, one.meal.kind) for one in late])
    people = _kitchen(org, by)
    for one in late:
        total = heads[one.meal.org_id, one.meal.day, one.meal.kind].total
        record(
            CHANGED, one.meal, by=by, org=org, group=str(one.group), before=one.before, after=one.after, total=total,
            issued=one.meal.pk in begun,
        )  # fmt: skip

        def words(one: Change = one, total: int = total) -> tuple[str, str]:
            told = {"class": one.group, "meal": one.meal, "before": one.before, "after": one.after, "total": total}
            title = gettext("%(class)s, %(meal)s: %(after)s eat, not %(before)s") % told
            body = gettext("%(total)s eat in all now.") % told
            return title, f"{body} {gettext('Goods were issued already.')}" if one.meal.pk in begun else body

        url = reverse("canteen:meals-detail", args=[one.meal.public_id])
        tell(people, words, by=by, org=org, url=url, level=Notice.Level.NOW)


def _kitchen(org: OrgUnit, by: Viewer) -> list[Account]:
    """Keepers and cooks of the school; where it has none with an account, those who lead it."""
    grants = Grant.objects.on(by.today).filter(role__in=KITCHEN, org=org, account__is_active=True)
    people = [grant.account for grant in grants.select_related("account")]
    return people or list(accounts_holding("canteen.cook", org=org))
