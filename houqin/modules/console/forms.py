"""What is asked before a unit, a person or a role changes."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.roles import ROLE_CHOICES, ROLES
from houqin.core.orgs.actions import CHILDREN_OF
from houqin.core.orgs.models import CanteenMode, Kind, OrgUnit
from houqin.core.people.actions.pupils import PupilLine
from houqin.core.people.actions.staff import RosterLine
from houqin.core.people.models import Account, Sex
from houqin.core.scope.viewer import Viewer
from houqin.ui.screens import CountField, DayField, RowField, RowsField, VerbForm


def open_units(permission: str, *kinds: str) -> Any:
    """The open units where the viewer holds a permission, of some kinds."""

    def rows(viewer: Viewer, row: Any) -> QuerySet[Any]:
        found = OrgUnit.objects.visible_to(viewer, permission).filter(closed_on__isnull=True)
        return found.filter(kind__in=kinds) if kinds else found

    return rows


class OpenUnitForm(VerbForm):
    """A new unit below the one on the page."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(
        label=_("School code"), max_length=18, required=False, help_text=_("10 digits, schools only")
    )
    opened_on = DayField(label=_("Opened on"), required=False)

    def setup(self) -> None:
        """Offer only the kinds that can stand there."""
        allowed = CHILDREN_OF.get(self.row.kind, frozenset()) if self.row else frozenset()
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in Kind if kind in allowed]


class RenameForm(VerbForm):
    """A new name or code."""

    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("School code"), max_length=18, required=False)


class CloseForm(VerbForm):
    """From when it no longer exists, and why."""

    on = DayField(label=_("Closed on"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class MergeForm(VerbForm):
    """Which units go on in the one on the page."""

    units = RowsField(
        lambda viewer, row: (
            OrgUnit.objects.visible_to(viewer, "orgs.change")
            .filter(parent=row.parent, kind=row.kind, closed_on__isnull=True)
            .exclude(pk=row.pk)
        ),
        label=_("Units that end and go on in this one"),
    )
    on = DayField(label=_("On"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class SplitForm(VerbForm):
    """The units that are split off."""

    names = forms.CharField(label=_("Names of the new units, one a line"), widget=forms.Textarea(attrs={"rows": 3}))
    on = DayField(label=_("On"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    close = forms.BooleanField(label=_("The old unit ends with this"), required=False)

    def clean_names(self) -> list[str]:
        """One name a line."""
        return str(self.cleaned_data["names"]).splitlines()


class FactsForm(VerbForm):
    """A school's basic facts from a day on."""

    valid_from = DayField(label=_("Holds from"))
    school_type = forms.CharField(label=_("Type of school"), max_length=20, required=False)
    classes = CountField(label=_("Classes"), unit=_("classes"))
    enrolment = CountField(label=_("Pupils"), unit=_("people"))
    boarders = CountField(label=_("Boarders"), unit=_("people"))
    staff = CountField(label=_("Staff"), unit=_("people"))
    canteen_mode = forms.ChoiceField(label=_("Canteen"), choices=CanteenMode.choices)
    principal_name = forms.CharField(label=_("Head of school"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


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


class AppointForm(VerbForm):
    """A post from a day on."""

    org = RowField(open_units("people.change"), label=_("Unit"))
    title = forms.CharField(label=_("Post"), max_length=40)
    from_on = DayField(label=_("From"))
    is_deputy = forms.BooleanField(label=_("As deputy"), required=False)


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


class GuardianForm(VerbForm):
    """Who looks after a pupil: an account of the school."""

    account = RowField(
        lambda viewer, row: Account.objects.visible_to(viewer).filter(is_active=True, home=row.org),
        label=_("Account of the parent"),
        help_text=_("Open an account at this school first if there is none."),
    )
    relation = forms.CharField(label=_("Relation"), max_length=20, required=False)


class AccountForm(VerbForm):
    """A new account."""

    home = RowField(open_units("people.manage_accounts"), label=_("Unit"))
    username = forms.CharField(label=_("User name"), max_length=60)
    display_name = forms.CharField(label=_("Full name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


class ReasonForm(VerbForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class GrantForm(VerbForm):
    """A role over a unit for an account."""

    account = RowField(
        lambda viewer, row: Account.objects.visible_to(viewer).filter(is_active=True), label=_("Account")
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)
    org = RowField(open_units("grants.change"), label=_("Over unit"))

    def clean(self) -> dict[str, Any]:
        """A role stands at the kinds of unit it is made for."""
        given = super().clean() or self.cleaned_data
        role, org = ROLES.get(given.get("role", "")), given.get("org")
        if role and org and org.kind not in role.kinds:
            self.add_error("role", _("This role cannot be given at a unit of this kind."))
        return given


def today(row: Any, viewer: Viewer) -> dict[str, date]:
    """Dates that are usually today."""
    return {name: viewer.today for name in ("on", "valid_from", "from_on", "enrolled_on", "opened_on")}
