"""Products as people write their names."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.models import Category, Product
from houqin.modules.canteen.queries.foods import foods_by_name

titled({"canteen.product_recorded": _("Product recorded"), "canteen.product_corrected": _("Product corrected")})
SUBJECT_KIND = "product"


@verb
def record_products(org: OrgUnit, *, by: Viewer, names: Sequence[str]) -> dict[str, Product]:
    """Record products by name at a unit, each with the category that the name usually has; known ones stay."""
    require(by, "canteen.manage_products", at=org)
    known = {row.name: row for row in Product.objects.filter(org=org, name__in=names)}
    common = foods_by_name()
    fresh = []
    for name in dict.fromkeys(names):
        if name not in known:
            food = common.get(name)
            category = food.category if food else Category.OTHER
            days = food.shelf_life_days if food else None
            fresh.append(Product(org=org, name=name, category=category, shelf_life_days=days))
    subjects = Subject.objects.bulk_create(Subject(kind=SUBJECT_KIND, org=org, label=row.name) for row in fresh)
    for row, subject in zip(fresh, subjects, strict=True):
        row.subject = subject
    for row in Product.objects.bulk_create(fresh):
        known[row.name] = row
        record("canteen.product_recorded", row, by=by, org=org, category=row.category)
    return known


@verb
def record_product(
    org: OrgUnit, *, by: Viewer, name: str, category: str = "", shelf_life_days: int | None = None
) -> Product:
    """Record one product. A name that the unit sees already is refused, so that stock is not kept twice."""
    require(by, "canteen.manage_products", at=org)
    name = name.strip()
    if Product.objects.filter(org__path__in=[*org.ancestor_paths, org.path], name=name).exists():
        raise Refused(_("%(name)s is recorded already. Use it as it is.") % {"name": name}, field="name")
    food = foods_by_name().get(name)
    row = Product(
        org=org,
        subject=Subject.objects.create(kind=SUBJECT_KIND, org=org, label=name),
        name=name,
        category=category or (food.category if food else Category.OTHER),
        shelf_life_days=shelf_life_days or (food.shelf_life_days if food else None),
    )
    row.full_clean()
    row.save()
    record("canteen.product_recorded", row, by=by, org=org, category=row.category)
    return row


@verb
def correct_product(product: Product, *, by: Viewer, category: str, shelf_life_days: int | None) -> Product:
    """Correct what is known about a product. Its name as recorded stays; another name is another row, merged."""
    require(by, "canteen.manage_products", at=product.org)
    row: Product = Product.objects.select_for_update(of=("self",)).select_related("org").get(pk=product.pk)
    values = {"category": category, "shelf_life_days": shelf_life_days}
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    if not before:
        return row
    for name in before:
        setattr(row, name, values[name])
    row.full_clean()
    row.save(update_fields=list(before))
    record("canteen.product_corrected", row, by=by, org=row.org, before=before, after=values)
    return row
