"""What is typed in a recall."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from houqin.core.parties.models import Party
from houqin.modules.canteen.forms.choices import units_with
from houqin.modules.canteen.models import Product, Recall, RecallAnswer, RecallLot
from houqin.modules.canteen.queries.recalls import whereabouts_by_school
from houqin.ui import formats
from houqin.ui.screens import DayField, RowField, RowsField, VerbForm, WeightField

LONG = {"rows": 3}


class ProposeForm(VerbForm):
    """What the first person writes; the trace fills in what it found."""

    org = RowField(
        lambda viewer, row: units_with("canteen.propose_recall", viewer, row), label=_("Within"),
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
            first = units_with("canteen.propose_recall", self.viewer, None).first()
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
