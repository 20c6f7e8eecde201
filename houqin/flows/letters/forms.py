"""What is asked before a letter is written, issued or signed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.actions.pins import DIGITS, check_pin
from houqin.core.people.posts import post_kinds
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.letters.actions.signing import signers_of
from houqin.flows.letters.actions.writing import Asks
from houqin.flows.letters.models import Letter, Pattern
from houqin.ui.screens import DayField, RowField, VerbForm

TYPED = {"inputmode": "numeric", "maxlength": DIGITS, "autocomplete": "off"}
UNITS = [(kind.value, kind.label) for kind in (Kind.CITY, Kind.DISTRICT, Kind.TOWN, Kind.SCHOOL)]


def _units(viewer: Viewer, row: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = OrgUnit.objects.visible_to(viewer, "letters.issue").filter(closed_on__isnull=True)
    return found.order_by("path")


def _patterns(viewer: Viewer, row: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = Pattern.objects.visible_to(viewer).filter(ended_at__isnull=True)
    return found.order_by("-year", "title")


def post_choices() -> list[tuple[str, str]]:
    """The kinds of posts in force, by title."""
    return [(code, str(kind)) for code, kind in post_kinds(timezone.localdate()).items()]


def _text(label: Any, *, required: bool = True, rows: int = 5, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=4000, widget=widget, help_text=help_text)


class AsksForm(VerbForm):
    """What the letter asks, in three parts."""

    year = forms.IntegerField(
        label=_("Year"), min_value=2000, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    business = _text(_("Duties of the work"))
    safety = _text(_("Duties of safety"))
    integrity = _text(_("Duties of integrity"))
    targets = _text(_("Targets"), required=False, rows=3, help_text=_("One a line, with its value"))
    basis = forms.CharField(label=_("Basis"), max_length=200, required=False, help_text=_("Which document asks for it"))

    def arguments(self) -> dict[str, Any]:
        """The parts as the verb takes them."""
        given = super().arguments()
        return given | {
            "asks": Asks(*(given.pop(name) for name in ("business", "safety", "integrity", "targets", "basis")))
        }


class NewPatternForm(AsksForm):
    """A text of a unit, for units below or for a post."""

    org = RowField(_units, label=_("Issuing unit"))
    title = forms.CharField(label=_("Title"), max_length=80, help_text=_("such as “Responsibility for food safety”"))
    unit_kind = forms.ChoiceField(label=_("For units"), required=False, choices=[("", "—"), *UNITS])
    post = forms.ChoiceField(
        label=_("For the post"), required=False, choices=lazy(lambda: [("", "—"), *post_choices()], list)
    )
    field_order = ["org", "title", "year", "unit_kind", "post", "business", "safety", "integrity", "targets", "basis"]

    def setup(self) -> None:
        """Whoever writes for one unit and those below it writes for that one, unless another is chosen."""
        own = self.viewer.paths_for("letters.issue")
        if len(own) == 1:
            self.fields["org"].initial = _units(self.viewer, None).filter(path=own[0]).first()


class IssueForm(VerbForm):
    """Which text, from which unit down, until when it is to be signed."""

    pattern = RowField(_patterns, label=_("Text"))
    org = RowField(
        _units, label=_("Unit"),
        help_text=_("Everybody here and below whom the text is for gets a letter; who has one already gets none."),
    )  # fmt: skip
    until = DayField(label=_("Sign until"))


class DueForm(VerbForm):
    """Until when it is to be signed."""

    until = DayField(label=_("Sign until"))


class OnPaperForm(VerbForm):
    """When the printed form was signed."""

    on = DayField(label=_("Signed on"))


class ReasonForm(VerbForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class PinForm(VerbForm):
    """Who signs, and their PIN: handed over with the phone."""

    signer = RowField(lambda viewer, row: _signers(row), label=_("Who signs"))
    pin = forms.CharField(label=_("Their PIN"), max_length=DIGITS, widget=forms.PasswordInput(attrs=TYPED))

    def clean(self) -> dict[str, Any]:
        """A wrong PIN counts here, before the deed begins: what the deed writes is taken back when it is refused."""
        given = super().clean() or {}
        if given.get("signer") and given.get("pin"):
            try:
                check_pin(given["signer"], given["pin"])
            except Refused as refusal:
                self.add_error("pin", str(refusal.message))
        return given


def _signers(letter: Letter) -> QuerySet[Any]:
    found: QuerySet[Any] = signers_of(letter)
    return found
