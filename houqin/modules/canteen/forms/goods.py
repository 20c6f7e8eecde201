"""What is typed about products and suppliers."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.merging.actions import merge
from houqin.core.merging.models import Mergeable
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.actions import record_party
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.goods import record_product
from houqin.modules.canteen.forms.choices import units_with
from houqin.modules.canteen.models import Category, Product
from houqin.ui.screens import CountField, RowField, VerbForm


def merge_into(duplicate: Mergeable, *, by: Viewer, kept: Mergeable) -> Mergeable:
    """The merging verb, asked from the page of the name that gives way."""
    return merge(kept, by=by, duplicate=duplicate)


def record_supplier(*, by: Viewer, org: OrgUnit, **particulars: str) -> Party:
    """The recording verb, with the unit chosen in the form."""
    return record_party(org, by=by, **particulars)


def record_new_product(*, by: Viewer, org: OrgUnit, **particulars: Any) -> Product:
    """The recording verb, with the unit chosen in the form."""
    return record_product(org, by=by, **particulars)


def _names_to_keep(viewer: Viewer, row: Mergeable) -> QuerySet[Any]:
    rows: QuerySet[Any] = type(row).objects.visible_to(viewer, row.MERGE_PERMISSION).canonical()
    return rows.exclude(pk=row.pk)


class MergeForm(VerbForm):
    """Which name stays."""

    kept = RowField(_names_to_keep, label=_("Is the same as"))


class SupplierForm(VerbForm):
    """A supplier's particulars."""

    org = RowField(lambda viewer, row: units_with("parties.change", viewer, row), label=_("Kept by"))
    name = forms.CharField(label=_("Name"), max_length=120)
    credit_code = forms.CharField(label=_("Social credit code"), max_length=18, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)


class CorrectSupplierForm(VerbForm):
    """A supplier's particulars; its name as recorded stays."""

    credit_code = forms.CharField(label=_("Social credit code"), max_length=18, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)


class ProductForm(VerbForm):
    """A product's name and what is usual for it."""

    org = RowField(lambda viewer, row: units_with("canteen.manage_products", viewer, row), label=_("Kept by"))
    name = forms.CharField(label=_("Name"), max_length=60)
    category = forms.ChoiceField(
        label=_("Category"), choices=[("", _("As usual for this name")), *Category.choices], required=False
    )
    shelf_life_days = CountField(label=_("Usual shelf life"), unit=_("days"), required=False)


class CorrectProductForm(VerbForm):
    """What is usual for a product; its name as recorded stays."""

    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    shelf_life_days = CountField(label=_("Usual shelf life"), unit=_("days"), required=False)
