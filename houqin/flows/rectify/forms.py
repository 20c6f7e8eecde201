"""What is asked on the way from a finding to its closing."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.viewers import accounts_holding
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.actions.pins import DIGITS, check_pin
from houqin.core.people.models import Account, Person
from houqin.core.people.posts import post_kinds
from houqin.core.places.models import Place
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.actions.opening import HEARD, Found, Heard
from houqin.flows.rectify.actions.ordering import Five
from houqin.flows.rectify.models import CauseKind, Finding, Severity
from houqin.ui.screens import DayField, MoneyField, PhotoField, RowField, VerbForm

HEARD_CHOICES = [(one.value, one.label) for one in CauseKind if one in HEARD]
TYPED = {"inputmode": "numeric", "maxlength": DIGITS, "autocomplete": "off"}


def _schools(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, "rectify.find").exclude(kind__in=OFFICES)
    return found.filter(closed_on__isnull=True).order_by("path")


def _people(viewer: Viewer, row: Finding | None) -> QuerySet[Person]:
    found: QuerySet[Person] = Person.objects.filter(left_on__isnull=True)
    return (found.filter(org__path__startswith=row.org.path) if row else found.none()).order_by("name")


def _witnesses(viewer: Viewer, row: Finding | None) -> QuerySet[Account]:
    """Who works at the unit; where an office looks again, who does so there."""
    if row is None:
        nobody: QuerySet[Account] = Account.objects.none()
        return nobody
    unit = row.check_org or row.org
    if unit.pk != row.org_id:
        holders = accounts_holding("rectify.recheck", org=unit)
    else:
        holders = accounts_holding("rectify.find", org=unit, at_or_above=True).exclude(home__kind__in=OFFICES)
    found: QuerySet[Account] = holders.exclude(pk=viewer.account_id).order_by("display_name")
    return found


def _offices(viewer: Viewer, row: Finding | None) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, "rectify.supervise").filter(kind__in=OFFICES)
    return (found.filter(path__in=row.org.ancestor_paths) if row else found.none()).order_by("-path")


def _posts() -> list[tuple[str, str]]:
    return [("", "—"), *((code, str(kind)) for code, kind in post_kinds(timezone.localdate()).items())]


def _text(label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=2000, widget=widget, help_text=help_text)


class FindingForm(VerbForm):
    """What is wrong, where."""

    org = RowField(_schools, label=_("School"))
    what = forms.CharField(label=_("What was found"), max_length=200)
    where = forms.CharField(label=_("Where"), max_length=120, required=False)
    how = forms.ChoiceField(label=_("How serious"), choices=Severity.choices, widget=forms.RadioSelect)
    photo = PhotoField(label=_("Photo"), required=False)
    came = forms.ChoiceField(
        label=_("How it came to light"), choices=[("", _("Seen by myself or a colleague")), *HEARD_CHOICES], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    told = forms.CharField(
        label=_("Who told it, and how"), max_length=120, required=False,
        help_text=_("For example: a parent by telephone. No names: the school reads this, too."),
    )  # fmt: skip
    number = forms.CharField(
        label=_("Number of the complaint or letter"), max_length=60, required=False,
        help_text=_("If it has one: what is written down under the same number already is not opened again"),
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """As the verb takes it."""
        given = super().arguments()
        found = Found(title=given.pop("what"), severity=Severity(int(given.pop("how"))))
        came, told, number = (given.pop(name) for name in ("came", "told", "number"))
        heard = Heard(CauseKind(came), told, number) if came else None
        return given | {"found": found, "place": given.pop("where"), "heard": heard}


class OrderForm(VerbForm):
    """Who answers for it, until when."""

    severity = forms.TypedChoiceField(
        label=_("How serious"), choices=[("", _("As weighed when it was found")), *Severity.choices], coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip
    post = forms.ChoiceField(label=_("Answerable post"), choices=lazy(_posts, list))
    person = RowField(_people, label=_("Answerable person"), required=False)
    until = DayField(label=_("To be put right by"))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("When it gets a later day than was ordered")
    )


class PlanForm(VerbForm):
    """五落实."""

    post = forms.ChoiceField(label=_("Answerable post"), choices=lazy(_posts, list))
    person = RowField(_people, label=_("Answerable person"), required=False)
    measures = _text(_("Measures"))
    funds_fen = MoneyField(label=_("Money"), required=False, help_text=_("0 when none is needed"))
    funds_from = forms.CharField(label=_("Paid from"), max_length=120, required=False)
    finish = DayField(label=_("Done by"))
    contingency = _text(_("If it goes wrong"), required=False, rows=2, help_text=_("What keeps people safe until then"))

    def arguments(self) -> dict[str, Any]:
        """The parts as the verb takes them."""
        given = super().arguments()
        parts = ("measures", "funds_fen", "funds_from", "contingency")
        return given | {"five": Five(**{name: given.pop(name) for name in parts})}


class LookForm(VerbForm):
    """What was done or seen, with a photo."""

    remark = _text(_("Remark"), required=False)
    photo = PhotoField(label=_("Photo"), required=False)


class SpotForm(LookForm):
    """Who saw it beside oneself, with their PIN."""

    remark = _text(_("What was put right"))
    witness = RowField(_witnesses, label=_("Who saw it, too"))
    pin = forms.CharField(label=_("Their PIN"), max_length=DIGITS, widget=forms.PasswordInput(attrs=TYPED))
    field_order = ["remark", "photo", "witness", "pin"]

    def clean(self) -> dict[str, Any]:
        """A wrong PIN counts here, before the deed begins: what the deed writes is taken back when it is refused."""
        given = super().clean() or {}
        if given.get("witness") and given.get("pin"):
            try:
                check_pin(given["witness"], given["pin"])
            except Refused as refusal:
                self.add_error("pin", str(refusal.message))
        return given


class TimeForm(VerbForm):
    """Until when, and why."""

    until = DayField(label=_("Asked until"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class AnswerForm(VerbForm):
    """Granted or not, and why."""

    grant = forms.TypedChoiceField(
        label=_("Answer"), choices=[("1", _("Granted")), ("0", _("Not granted"))], coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )  # fmt: skip
    answer = forms.CharField(label=_("Why"), max_length=200, required=False)


class SuperviseForm(VerbForm):
    """Which office supervises, and why."""

    unit = RowField(_offices, label=_("Supervised by"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


def _places(viewer: Viewer, row: Finding | None) -> QuerySet[Place]:
    found: QuerySet[Place] = Place.objects.visible_to(viewer, "places.stop").filter(closed_on__isnull=True)
    return (found.filter(org__path__startswith=row.org.path) if row else found.none()).order_by("name")


class SealForm(VerbForm):
    """Which place or piece of equipment, and why."""

    stopped = RowField(_places, label=_("Place or equipment"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    photo = PhotoField(label=_("Photo"), required=False)


class ReasonForm(VerbForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
