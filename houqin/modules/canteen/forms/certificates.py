"""Papers that suppliers show, as they are typed or photographed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.certificates import record_certificate
from houqin.modules.canteen.forms.choices import units_with
from houqin.modules.canteen.models import Certificate, Product
from houqin.modules.canteen.queries.certificates import PaperKinds
from houqin.ui.screens import DayField, PhotoField, RowField, VerbForm


def record_new_certificate(*, by: Viewer, org: OrgUnit, **particulars: Any) -> Certificate:
    """The recording verb, with the unit chosen in the form."""
    return record_certificate(org, by=by, **particulars)


class HandInForm(VerbForm):
    """A paper that was missing when the goods were accepted."""

    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    photo = PhotoField(
        label=_("Photo"), required=False, help_text=_("The number or a photo; one photo may show several papers.")
    )
    valid_until = DayField(label=_("Valid until"), required=False)

    def setup(self) -> None:
        self.fields["number"].help_text = self.row.condition


class CertificateForm(VerbForm):
    """A paper of a supplier."""

    org = RowField(lambda viewer, row: units_with("canteen.record", viewer, row), label=_("Kept by"))
    supplier = RowField(
        lambda viewer, row: Party.objects.visible_to(viewer).canonical(), label=_("Supplier"), to_field_name="public_id"
    )
    kind = forms.ChoiceField(label=_("Paper"))
    product = RowField(
        lambda viewer, row: Product.objects.visible_to(viewer).canonical(), label=_("Only for"), required=False,
        to_field_name="public_id", empty_label=_("All goods that it concerns"),
    )  # fmt: skip
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    valid_until = DayField(
        label=_("Valid until"), required=False,
        help_text=_("Until then it is carried over to every delivery. Without a day it is kept, and not carried over."),
    )  # fmt: skip
    photo = PhotoField(label=_("Photo"), required=False, help_text=_("The number, a photo, or both."))

    def setup(self) -> None:
        kinds = PaperKinds(self.viewer.today)
        choices = [("", _("Choose")), *((code, kinds.title(code)) for code in kinds.kinds)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
