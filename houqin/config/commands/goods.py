"""Suppliers and products by the names that people say."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from rapidfuzz import process

from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import subtree

if TYPE_CHECKING:
    from houqin.core.orgs.models import OrgUnit
    from houqin.core.parties.models import Party
    from houqin.core.scope.viewer import Viewer
    from houqin.modules.canteen.models import Product

ALIKE = 60
SHOWN = 5


def supplier_named(name: str, *, at: "OrgUnit", by: "Viewer") -> "Party":
    """The supplier of that name that is known at a unit."""
    from houqin.core.parties.models import Party

    found: Party = _named(Party.objects.visible_to(by), name, at)
    return found


def product_named(name: str, *, at: "OrgUnit", by: "Viewer") -> "Product":
    """The product of that name that is known at a unit."""
    from houqin.modules.canteen.models import Product

    found: Product = _named(Product.objects.visible_to(by), name, at)
    return found


def _named(rows: Any, name: str, at: "OrgUnit") -> Any:
    """The one row that a name stands for at a unit, through what was merged; says which names come near when none."""
    low, high = subtree(at.path)
    known = rows.filter(Q(org__path__gte=low, org__path__lt=high) | Q(org__path__in=at.ancestor_paths)).select_related(
        "root", "org"
    )
    hits = list(known.filter(name=name.strip()))
    canonical = {row.canonical_id: row.root or row for row in hits}
    if len(canonical) > 1:
        # The same name at two units below may be two firms; the one that the unit itself keeps, or one above, is meant.
        canonical = {pk: row for pk, row in canonical.items() if at.path.startswith(row.org.path)} or canonical
    if len(canonical) == 1:
        return next(iter(canonical.values()))
    if canonical:
        keepers = "、".join(sorted(str(row.org) for row in canonical.values()))
        raise Refused(
            _(
                '"%(name)s" is kept apart by %(units)s. Merge the entries first, or name one of these units with --under.'
            )
            % {"name": name, "units": keepers}
        )
    names = sorted(set(known.values_list("name", flat=True)))
    near = [match for match, score, _place in process.extract(name, names, limit=SHOWN) if score >= ALIKE]
    raise Refused(
        _('Nothing is recorded under the name "%(name)s" at %(unit)s. Names that come near: %(near)s')
        % {"name": name, "unit": at, "near": "、".join(near) or "—"}
    )
