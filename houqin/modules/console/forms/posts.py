"""What is asked about posts: their kind, who takes them, who answers for several in one hand."""

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from houqin.core.people.posts import NONE, post_kinds
from houqin.modules.console.forms.choices import at_work, open_units
from houqin.ui.screens import DayField, RowField, VerbForm

UNTIL = _("empty: until it is given up")
BECAUSE = _("Asked only where the post wants a paper that is missing and law leaves it to you. It stays on record.")


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of posts in force, by title."""
    return [(code, str(kind)) for code, kind in post_kinds(timezone.localdate()).items()]


class KindForm(VerbForm):
    """Of which kind a post is."""

    kind = forms.ChoiceField(
        label=_("Kind of post"),
        choices=lazy(lambda: [*kind_choices(), (NONE, str(_("None of these")))], list),
        help_text=_("Duties and ledgers of this kind come to whoever holds the post."),
    )


class HolderForm(VerbForm):
    """Who takes the post on the page."""

    person = RowField(at_work(lambda row: row.org), label=_("Person"))
    from_on = DayField(label=_("From"))
    is_deputy = forms.BooleanField(label=_("As deputy"), required=False)
    until = DayField(label=_("Until"), required=False, help_text=UNTIL)
    because = forms.CharField(label=_("Why without the paper"), max_length=200, required=False, help_text=BECAUSE)


class AppointForm(VerbForm):
    """A post from a day on."""

    org = RowField(open_units("people.change"), label=_("Unit"))
    title = forms.CharField(label=_("Post"), max_length=40)
    kind = forms.ChoiceField(
        label=_("Kind of post"), required=False, help_text=_("Asked only for a new post whose title does not say it."),
        choices=lazy(lambda: [("", "—"), *kind_choices()], list),
    )  # fmt: skip
    from_on = DayField(label=_("From"))
    is_deputy = forms.BooleanField(label=_("As deputy"), required=False)
    until = DayField(label=_("Until"), required=False, help_text=UNTIL)
    because = forms.CharField(label=_("Why without the paper"), max_length=200, required=False, help_text=BECAUSE)
