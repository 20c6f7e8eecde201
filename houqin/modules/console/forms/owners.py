"""What is asked about who answers for a place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.people.posts import post_kinds
from houqin.modules.console.forms.choices import at_work
from houqin.ui.screens import RowField, VerbForm


class OwnerForm(VerbForm):
    """A post, else a person; neither: the post that the catalogue names for such places."""

    post = forms.ChoiceField(
        label=_("Post that answers for it"),
        required=False,
        help_text=_("Whoever holds the post answers for it, also after a change."),
    )
    person = RowField(
        at_work(lambda row: row.org if row else None),
        label=_("Or one person"),
        required=False,
        empty_label=_("Nobody by name"),
    )

    def setup(self) -> None:
        kinds = post_kinds(self.viewer.today)
        usual = ("", _("As usual for such places"))
        self.fields["post"].choices = [usual, *((code, str(kind)) for code, kind in kinds.items())]  # type: ignore[attr-defined]
