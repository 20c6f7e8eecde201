"""Products and suppliers, under every name that somebody wrote."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.merging.actions import undo_merge
from houqin.core.parties.actions import correct_party
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.goods import correct_product
from houqin.modules.canteen.forms import goods as forms
from houqin.modules.canteen.models import Product
from houqin.modules.canteen.queries import certificates, ledgers
from houqin.ui import formats
from houqin.ui.screens import Action, Badge, Column, Day, Facts, Family, Link, Number, Rows, Screen, Timeline, Weight

SAME_AS = Link("merged_into", _("Same as"))
STANDS = Badge(
    "stands", _("State"), value=lambda row: _("Other name") if row.is_merged else "", tone=lambda row: "quiet"
)
REFUSED = Column(
    "refused", _("Turned away"), value=lambda row: formats.percent(row.refused, row.came) if row.came else "",
    sort=["refused"], card="no",
)  # fmt: skip
NAMES = {
    "own": (_("Names in use"), Q(merged_into__isnull=True)),
    "merged": (_("Other names"), Q(merged_into__isnull=False)),
}


def _merging(permission: str) -> list[Action]:
    """Say that a name means the same as another, and take that back."""
    return [
        Action(
            verb=forms.merge_into, name="merge", label=_("Same as…"), permission=permission, icon="arrow-merge",
            form=forms.MergeForm, shown=lambda row, viewer: not row.is_merged,
            help=_("What was recorded under this name stays as it is; lists and traces count both as one. It can be undone."),
            done=lambda kept: _("Counts as %(name)s from now on.") % {"name": kept},
        ),
        Action(
            verb=undo_merge, label=_("Undo: a name of its own"), permission=permission, icon="arrow-back-up",
            shown=lambda row, viewer: row.is_merged, done=_("Stands for itself again."),
        ),
    ]  # fmt: skip


class ProductScreen(Screen):
    """What is bought."""

    model = Product
    slug = "products"
    title = _("Products")
    family = Family.SAFE
    icon = "carrot"
    order = 60
    columns = [
        Column("name", sort=True, card="title"),
        Column("category", sort=True, card="fact"),
        Number("shelf_life_days", unit=_("days"), card="fact"),
        SAME_AS,
        Link("org", sort="org__path"),
        STANDS,
    ]
    filters = {"category": "choice", "org": "choice"}
    search = ["name"]
    views = NAMES
    create = Action(
        verb=forms.record_new_product, name="new", label=_("Record a product"), permission="canteen.manage_products",
        form=forms.ProductForm, icon="plus",
    )  # fmt: skip
    actions = [
        Action(
            verb=correct_product, label=_("Correct"), permission="canteen.manage_products", form=forms.CorrectProductForm,
            icon="pencil", done=_("Corrected."),
            initial=lambda row, viewer: {"category": row.category, "shelf_life_days": row.shelf_life_days},
        ),
        *_merging("canteen.manage_products"),
    ]  # fmt: skip
    panels = [
        Facts(["category", Number("shelf_life_days", unit=_("days")), SAME_AS, Link("org")]),
        Rows(ledgers.names_of, [Column("name"), Link("org")], title=_("Other names of it")),
        Rows(
            ledgers.lots_of, [Column("batch", value=str), Link("org"), Link("supplier"), Day("received_on"), Weight("on_hand_grams")],
            title=_("Lots"), limit=20,
        ),
        Timeline(),
    ]  # fmt: skip


class SupplierScreen(Screen):
    """Who brings it."""

    model = Party
    slug = "suppliers"
    title = _("Suppliers")
    family = Family.SAFE
    icon = "building-store"
    order = 70
    columns = [
        Column("name", sort=True, card="title"),
        Column("credit_code", card="fact"),
        Column("contact"),
        Column("phone", card="fact"),
        REFUSED,
        SAME_AS,
        Link("org", sort="org__path"),
        STANDS,
    ]
    filters = {"org": "choice"}
    search = ["name", "credit_code", "contact"]
    views = NAMES
    create = Action(
        verb=forms.record_supplier, name="new", label=_("Record a supplier"), permission="parties.change",
        form=forms.SupplierForm, icon="plus",
    )  # fmt: skip
    actions = [
        Action(
            verb=correct_party, label=_("Correct"), permission="parties.change", form=forms.CorrectSupplierForm, icon="pencil",
            initial=lambda row, viewer: {
                name: getattr(row, name) for name in ("credit_code", "address", "contact", "phone")
            },
            done=_("Corrected."),
        ),
        *_merging("parties.merge"),
    ]  # fmt: skip
    panels = [
        Facts(["credit_code", "address", "contact", "phone", REFUSED, SAME_AS, Link("org")]),
        Rows(ledgers.names_of, [Column("name"), Link("org")], title=_("Other names of it")),
        Rows(
            certificates.of_supplier, [Column("kind_title", _("Paper")), Column("number"), Day("expires_on"), Link("org")],
            title=_("Papers that hold"), keep_empty=False, limit=20,
        ),
        Rows(
            ledgers.deliveries_of, [Column("number"), Day("delivered_on"), Link("org"), Column("origin")],
            title=_("Deliveries"), limit=20,
        ),
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return ledgers.suppliers(viewer)


urlpatterns = [*ProductScreen.urls(), *SupplierScreen.urls()]
