"""停电, 停气, a late supplier: a dish that is not cooked, and what is cooked instead."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.meals.opening import ForMeal, open_meal
from houqin.modules.canteen.models import Meal, MealDish, MenuChange, MenuDish, Product, Sample
from houqin.modules.canteen.queries.dishes import cooked_dishes

LONGEST_NAME = 60
titled({"canteen.menu_changed": _("Menu changed")})


@verb
def change_menu(
    org: OrgUnit,
    *,
    by: Viewer,
    meal: Meal | ForMeal,
    why: str,
    dropped: str = "",
    added: str = "",
    like: MenuDish | None = None,
    products: Sequence[Product] = (),
    note: str = "",
) -> MenuChange:
    """Say that a dish is not cooked, what is cooked instead, or both, and why. The plan follows.

    A dish cooked instead is weighed ``like`` one of a menu, or its ``products`` are named, so that a trace finds it. A
    dish of which a sample is kept was cooked: it cannot be dropped any more.
    """
    require(by, "canteen.cook", at=org)
    if meal.day < by.today:
        raise Refused(_("This meal is over. What was really cooked is told by its issues; correct those."), field="day")
    dropped, added = dropped.strip(), added.strip()
    if why not in MenuChange.Why.values:
        raise Refused(_("Say what came between."), field="why")
    if not dropped and not added:
        raise Refused(_("Say which dish is not cooked, or what is cooked instead."), field="dropped")
    row = open_meal(org, meal)
    cooked = cooked_dishes([row])[row.pk]
    _check_dropped(row, dropped, cooked)
    extra = _added(row, added, like, products, [name for name in cooked if name != dropped]) if added else None
    change: MenuChange = MenuChange.objects.create(
        org=org,
        meal=row,
        dropped=dropped,
        added=extra,
        why=why,
        note=note.strip(),
        at=by.moment,
        account_id=by.account_id,
    )
    record("canteen.menu_changed", row, by=by, org=org, dropped=dropped, added=added, why=why, note=change.note)
    return change


def _check_dropped(meal: Meal, dropped: str, cooked: Sequence[str]) -> None:
    if not dropped:
        return
    if dropped not in cooked:
        raise Refused(
            _("%(dish)s is not cooked for this meal: %(cooked)s.")
            % {"dish": dropped, "cooked": "、".join(cooked) or _("nothing is planned")},
            field="dropped",
        )
    if Sample.objects.filter(meal=meal, dish=dropped).exists():
        raise Refused(
            _("A sample of %(dish)s is kept, so it was cooked. It cannot be taken off the menu any more.")
            % {"dish": dropped},
            field="dropped",
        )


def _added(
    meal: Meal, name: str, like: MenuDish | None, products: Sequence[Product], cooked: Sequence[str]
) -> MealDish:
    """The dish of the day, with what goes into it."""
    if len(name) > LONGEST_NAME:
        raise Refused(_("Say it in %(most)s characters at most.") % {"most": LONGEST_NAME}, field="added")
    if name in cooked:
        raise Refused(_("%(dish)s is cooked already.") % {"dish": name}, field="added")
    if like is None and not products:
        raise Refused(
            _("Choose a dish that %(dish)s is weighed like, or tick what goes into it; else nobody can trace it.")
            % {"dish": name},
            field="like",
        )
    paths = {meal.org.path, *meal.org.ancestor_paths}
    owners = [product.org.path for product in products] + ([like.org.path] if like else [])
    if not paths.issuperset(owners):
        raise NotVisible
    dish: MealDish = MealDish.objects.update_or_create(meal=meal, name=name, defaults={"org": meal.org, "like": like})[
        0
    ]
    inside = list(Product.objects.filter(pk__in=like.ingredients.values("product"))) if like else []
    dish.products.set([*inside, *products])
    return dish
