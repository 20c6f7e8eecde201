"""What is typed on the canteen's pages."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from houqin.core.merging.actions import merge
from houqin.core.merging.models import Mergeable
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.actions import record_party
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.goods import record_product
from houqin.modules.canteen.models import Category, Product, Recall, RecallAnswer, RecallLot
from houqin.modules.canteen.queries.recalls import whereabouts_by_school
from houqin.ui import formats
from houqin.ui.screens import CountField, DayField, RowField, RowsField, VerbForm, WeightField

LONG = {"rows": 3}


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


def _units_with(permission: str, viewer: Viewer, row: Any) -> QuerySet[Any]:
    return OrgUnit.objects.visible_to(viewer, permission).filter(closed_on__isnull=True).order_by("path")


class MergeForm(VerbForm):
    """Which name stays."""

    kept = RowField(_names_to_keep, label=_("Is the same as"))


class SupplierForm(VerbForm):
    """A supplier's particulars."""

    org = RowField(lambda viewer, row: _units_with("parties.change", viewer, row), label=_("Kept by"))
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

    org = RowField(lambda viewer, row: _units_with("canteen.manage_products", viewer, row), label=_("Kept by"))
    name = forms.CharField(label=_("Name"), max_length=60)
    category = forms.ChoiceField(
        label=_("Category"), choices=[("", _("As usual for this name")), *Category.choices], required=False
    )
    shelf_life_days = CountField(label=_("Usual shelf life"), unit=_("days"), required=False)


class CorrectProductForm(VerbForm):
    """What is usual for a product; its name as recorded stays."""

    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    shelf_life_days = CountField(label=_("Usual shelf life"), unit=_("days"), required=False)


class ProposeForm(VerbForm):
    """What the first person writes; the trace fills in what it found."""

    org = RowField(
        lambda viewer, row: _units_with("canteen.propose_recall", viewer, row), label=_("Within"),
        help_text=_("Every school of this unit that has the goods is told."),
    )  # fmt: skip
    supplier = RowField(
        lambda viewer, row: Party.objects.visible_to(viewer).canonical(), label=_("Supplier"), to_field_name="public_id"
    )
    product = RowField(
        lambda viewer, row: Product.objects.visible_to(viewer).canonical(),
        label=_("Product"),
        to_field_name="public_id",
    )
    produced_on = DayField(label=_("Produced"), required=False)
    batch = forms.CharField(
        label=_("Batch"), max_length=40, required=False, help_text=_("Name the date, the batch, or both.")
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs=LONG), max_length=500,
        help_text=_("The schools read these words. No names of children here."),
    )  # fmt: skip
    is_drill = forms.BooleanField(
        label=_("This is a drill"), required=False,
        help_text=_("Nothing is frozen and no stock changes; every notice says that it is a drill; the time is taken."),
    )  # fmt: skip

    def setup(self) -> None:
        units = self.fields["org"]
        if not self.initial.get("org"):
            first = _units_with("canteen.propose_recall", self.viewer, None).first()
            units.initial = first.pk if first else None


class FoundForm(VerbForm):
    """What the school found, place by place."""

    pot_grams = WeightField(label=_("In the pot"), help_text=_("Cooked or cooking, not yet served."))
    kitchen_grams = WeightField(label=_("Handed out, taken back"), help_text=_("Raw or cut, back from the kitchen."))
    store_grams = WeightField(label=_("Found in store"), help_text=_("Moved apart and labelled."))
    served_grams = WeightField(label=_("Served already"), help_text=_("Eaten; it cannot come back."))
    note = forms.CharField(
        label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False,
        help_text=_("Where it stands now, who closed it off, pupils who feel unwell (their number, no names)."),
    )  # fmt: skip

    def setup(self) -> None:
        answer: RecallAnswer = self.row
        lots = RecallLot.objects.filter(recall_id=answer.recall_id, org_id=answer.org_id)
        where = whereabouts_by_school(lots)[answer.org_id]
        booked = {"kitchen_grams": where.issued_today, "store_grams": where.in_store, "served_grams": where.served}
        for name, grams in booked.items():
            told = _("By the books: %(weight)s.") % {"weight": formats.weight(grams)}
            self.fields[name].help_text = format_lazy("{} {}", self.fields[name].help_text, told)


class ReasonForm(VerbForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=LONG), max_length=200)


class CloseForm(VerbForm):
    """The end of a recall: what was found, which lots may be used, and why a silent school does not hold it up."""

    report = forms.CharField(
        label=_("Report"), widget=forms.Textarea(attrs={"rows": 6}), max_length=4000,
        help_text=_("What was found, what it was, what follows from it."),
    )  # fmt: skip
    silent_reason = forms.CharField(
        label=_("Why it can end without them"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300, required=False
    )
    lift = RowsField(lambda viewer, row: RecallLot.objects.none(), label=_("May be used again"), required=False)
    lift_reason = forms.CharField(label=_("Why they may be used"), max_length=200, required=False)

    def setup(self) -> None:
        recall: Recall = self.row
        silent = [str(one.org) for one in recall.answers.filter(answered_at__isnull=True).select_related("org")]
        if silent:
            told = _("Not yet reported: %(names)s. Telephone them first.")
            self.fields["silent_reason"].help_text = told % {"names": "、".join(silent)}
        else:
            del self.fields["silent_reason"]
        held = recall.lots.filter(lifted_at__isnull=True).select_related("org", "lot", "lot__product")
        lots: Any = self.fields["lift"]
        if recall.is_drill or not held.exists():
            del self.fields["lift"], self.fields["lift_reason"]
            return
        lots.rows = lambda viewer, row: held
        lots.label_from_instance = lambda one: f"{one.org} · {one.lot} · {one.get_tier_display()}"
        lots.help_text = _("Lots that are not ticked stay frozen after the end, until they are disposed of.")
