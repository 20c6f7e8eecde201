"""The books of names that canteen ledgers use: suppliers (with what each brings) and foods."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.merging.actions import undo_merge
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.naming.firms import match_firms
from houqin.flows.sheets.naming.foods import match_foods
from houqin.flows.sheets.naming.likeness import KnownName, Likeness
from houqin.modules.canteen.models import Lot, Product


def _in_sight(model: Any, under: OrgUnit) -> Any:
    """Names kept at a unit and at the units above it, the topmost first."""
    paths = [*under.ancestor_paths, under.path]
    return model.objects.filter(org__path__in=paths).select_related("root").order_by("org__path", "pk")


def _undo(model: Any, under: OrgUnit, name: str, by: Viewer) -> None:
    row = _in_sight(model, under).filter(name=name, merged_into__isnull=False).last()
    if row is None:
        raise Refused(_("%(name)s is not merged with anything.") % {"name": name})
    undo_merge(row, by=by)


class Suppliers:
    """Firms, recognised by brand, trade and the goods they bring."""

    code = "supplier"
    title = _("Suppliers")

    def known(self, under: OrgUnit) -> list[KnownName]:
        """Firms in sight, with the foods that came from them."""
        rows = list(_in_sight(Party, under))
        goods: dict[int, set[str]] = defaultdict(set)
        brought = Lot.objects.under(under.path).filter(supplier__in=[row.pk for row in rows])
        for supplier, product in brought.values_list("supplier_id", "product__name").distinct():
            goods[supplier].add(product)
        return [KnownName(row.name, row.root.name if row.root else row.name, frozenset(goods[row.pk])) for row in rows]

    def likely(self, new: Mapping[str, frozenset[str]], known: Sequence[KnownName]) -> list[Likeness]:
        """Which new names are short for which firm."""
        return match_firms(new, known)

    def undo(self, under: OrgUnit, name: str, *, by: Viewer) -> None:
        """Let a firm's name stand for itself again."""
        _undo(Party, under, name, by)


class Foods:
    """Foods; only names that a dictionary knows as one are joined."""

    code = "product"
    title = _("Foods")

    def known(self, under: OrgUnit) -> list[KnownName]:
        """Foods in sight."""
        return [KnownName(row.name, row.root.name if row.root else row.name) for row in _in_sight(Product, under)]

    def likely(self, new: Mapping[str, frozenset[str]], known: Sequence[KnownName]) -> list[Likeness]:
        """Other usual words for a food."""
        return match_foods(new, known)

    def undo(self, under: OrgUnit, name: str, *, by: Viewer) -> None:
        """Let a food's name stand for itself again."""
        _undo(Product, under, name, by)
