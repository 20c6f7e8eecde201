"""What is asked before staff, classes or pupils change."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import Kind
from houqin.core.people.actions.pupils import PupilLine
from houqin.core.people.actions.staff import RosterLine
from houqin.core.people.models import Account, Sex
from houqin.modules.console.forms.choices import at_work, open_units
from houqin.ui.screens import DayField, RowField, VerbForm


class PersonFields(forms.Form):
    """One line of a roster."""

    name = forms.CharField(label=_("Full name"), max_length=40)
    post = forms.CharField(label=_("Post"), max_length=40, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, required=False)
    birth_year = forms.IntegerField(
        label=_("Year of birth"), required=False, min_value=1900, max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


class RosterForm(VerbForm):
    """Several people of one unit."""

    org = RowField(open_units("people.change"), label=_("Unit"))
    from_on = DayField(label=_("From"))
    lines = {"lines": PersonFields}

    def arguments(self) -> dict[str, Any]:
        """The lines as the verb takes them."""
        given = super().arguments()
        return given | {"lines": [RosterLine(**line) for line in given["lines"]]}


class PersonForm(PersonFields, VerbForm):
    """Corrected particulars of one person."""

    def setup(self) -> None:
        """A post is given and ended, not corrected."""
        del self.fields["post"]

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        return {"line": RosterLine(**super().arguments())}


class LeaveForm(VerbForm):
    """The last day."""

    on = DayField(label=_("On"))


class PupilFields(forms.Form):
    """One line of a class list."""

    name = forms.CharField(label=_("Full name"), max_length=40)
    class_name = forms.CharField(label=_("Class"), max_length=40, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, required=False)
    is_boarder = forms.BooleanField(label=_("Boarder"), required=False)


class EnrolForm(VerbForm):
    """Several children of one school."""

    org = RowField(open_units("people.change_pupils", Kind.SCHOOL), label=_("School"))
    enrolled_on = DayField(label=_("On the roll from"))
    lines = {"lines": PupilFields}

    def arguments(self) -> dict[str, Any]:
        """The lines as the verb takes them."""
        given = super().arguments()
        return given | {"lines": [PupilLine(**line) for line in given["lines"]]}


class PupilForm(PupilFields, VerbForm):
    """Corrected particulars of one pupil."""

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        return {"line": PupilLine(**super().arguments())}


class TeacherForm(VerbForm):
    """Who teaches a class."""

    teacher = RowField(
        at_work(lambda row: row.org), label=_("Class teacher"), required=False, empty_label=_("Nobody"),
        help_text=_("Somebody of the school's staff. To report who eats, the person needs an account linked to it."),
    )  # fmt: skip


class GuardianForm(VerbForm):
    """Who looks after a pupil: an account of the school."""

    account = RowField(
        lambda viewer, row: Account.objects.visible_to(viewer).filter(is_active=True, home=row.org),
        label=_("Account of the parent"),
        help_text=_("Open an account at this school first if there is none."),
    )
    relation = forms.CharField(label=_("Relation"), max_length=20, required=False)
