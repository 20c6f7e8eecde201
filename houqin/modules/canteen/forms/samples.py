"""What is typed about samples."""

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.meals import dispose_samples
from houqin.modules.canteen.models import Sample
from houqin.ui.screens import VerbForm


def dispose_sample(sample: Sample, *, by: Viewer, note: str) -> Sample:
    """The disposing verb, for one sample."""
    return dispose_samples([sample], by=by, note=note)[0]


class DisposalForm(VerbForm):
    """Where it went."""

    note = forms.CharField(label=_("How"), max_length=200, required=False, initial=_("Into the kitchen waste"))
