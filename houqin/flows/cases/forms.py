"""What is asked on the way through a case."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account, Person
from houqin.core.people.posts import post_kinds
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.actions.accounting import HOLDS, Sentence
from houqin.flows.cases.actions.transferring import OPENS, Letter
from houqin.flows.cases.kinds import kind_of, titled_in
from houqin.flows.cases.models import AccountCause, Case, Department, Heard, Measure, MemberRole, SentHow
from houqin.ui.screens import DayField, MoneyField, PhotoField, RowField, VerbForm


def _text(label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=6000, widget=widget, help_text=help_text)


def _line(label: Any, *, most: int = 200, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text)


def _posts() -> list[tuple[str, str]]:
    return [("", "—"), *((code, str(kind)) for code, kind in post_kinds(timezone.localdate()).items())]


def _schools(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, OPENS).exclude(kind__in=OFFICES)
    return found.filter(closed_on__isnull=True).order_by("path")


def _people(viewer: Viewer, row: Any) -> QuerySet[Person]:
    """The staff of the finding's unit, or of every unit where the viewer may hold somebody to account."""
    org = getattr(row, "org", None)
    paths = (org.path,) if org is not None else viewer.paths_for(HOLDS)
    found: QuerySet[Person] = Person.objects.filter(within("org__path", paths)).exclude(pk=viewer.person_id)
    return found.select_related("org").order_by("org__path", "name")


def _colleagues(viewer: Viewer, row: Case | None) -> QuerySet[Account]:
    """Who may be asked to work on it: the people of its unit, and of the offices above up to the one that leads."""
    found: QuerySet[Account] = Account.objects.filter(is_active=True)
    if row is None:
        return found.none()
    above = [path for path in row.org.ancestor_paths if path.startswith(row.lead.path)]
    own = within("home__path", (row.org.path,))
    rows = found.filter(own) | found.filter(home__path__in=[*above, row.lead.path])
    return (rows.exclude(person=row.person_id) if row.person_id else rows).order_by("home__path", "display_name")


def _members(viewer: Viewer, row: Case | None) -> QuerySet[Account]:
    found: QuerySet[Account] = Account.objects.all()
    here = row.members.filter(until_at__isnull=True, role__in=["works", "helps"]) if row else []
    return found.filter(pk__in=[one.account_id for one in here]).order_by("display_name")


def _offices(viewer: Viewer, row: Case | None) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, "cases.supervise").filter(kind__in=OFFICES)
    return (found.filter(path__in=row.org.ancestor_paths) if row else found.none()).order_by("-path")


class LetterForm(VerbForm):
    """To which department, what is written, which papers go with it."""

    department = forms.ChoiceField(label=_("Department"), choices=Department)
    counterpart = _line(_("Counterpart unit"), most=120, help_text=_("As it stands on their seal"))
    contact = _line(_("Contact"), most=120, required=False)
    title = _line(_("Subject matter"))
    text = _text(_("Text of the letter"), rows=8)
    papers = _text(_("Papers handed over"), required=False, help_text=_("One on each line"))

    def arguments(self) -> dict[str, Any]:
        """The letter as the verb takes it."""
        given = super().arguments()
        papers = given.pop("papers").splitlines()
        named = {name: given.pop(name) for name in ("department", "counterpart", "contact", "title", "text")}
        return given | {"letter": Letter(**named, papers=papers)}


class LooseLetterForm(LetterForm):
    """The same without a finding: at which unit it happened."""

    org = RowField(_schools, label=_("School"))
    field_order = ["org"]


class SendForm(VerbForm):
    """How and when it went out."""

    how = forms.ChoiceField(label=_("How it was sent"), choices=SentHow, widget=forms.RadioSelect)
    on = DayField(label=_("Sent on"))


class ReceiptForm(VerbForm):
    """The other department's receipt."""

    number = _line(_("Number of the receipt, or who signed"), most=80)
    on = DayField(label=_("Receipt of"))
    photo = PhotoField(label=_("Photo of the receipt"), required=False)


class AnswerForm(VerbForm):
    """What the other department answered."""

    text = _text(_("Answer"))
    on = DayField(label=_("Answered on"))
    photo = PhotoField(label=_("Photo of the answer"), required=False)


class AccountForm(VerbForm):
    """About whom, in which post, and what it comes from."""

    person = RowField(_people, label=_("Whom it is about"))
    post = forms.ChoiceField(label=_("Their post then"), choices=lazy(_posts, list))
    cause = forms.ChoiceField(label=_("Cause"), choices=AccountCause)
    title = _line(_("Subject matter"))
    detail = _text(_("In detail"), required=False)


class InvestigationForm(VerbForm):
    """What was found out."""

    facts = _text(_("Facts"))
    evidence = _text(_("Evidence"))
    asked = _text(_("Who was heard on it"), rows=2)


class SentenceForm(VerbForm):
    """Which measures, and why."""

    measures = forms.MultipleChoiceField(
        label=_("How it is dealt with"), choices=Measure, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("None ticked: nobody is held to account"),
    )  # fmt: skip
    fen = MoneyField(label=_("Compensation"), required=False)
    why = _text(_("Reasons and basis"))

    def arguments(self) -> dict[str, Any]:
        """The sentence as the verb takes it."""
        given = super().arguments()
        return {"sentence": Sentence(given["measures"], given["why"], given["fen"] or 0)}


class TellForm(VerbForm):
    """How the notice reached the person."""

    how = _line(_("Told how"), help_text=_("For example: handed over in person, signed"))


class HearForm(VerbForm):
    """What the person stated."""

    heard = forms.ChoiceField(label=_("Heard"), choices=Heard, widget=forms.RadioSelect)
    statement = _text(_("Their statement"), required=False)


class StepForm(VerbForm):
    """How the step was done."""

    note = _text(_("Note"), required=False, rows=3)
    photo = PhotoField(label=_("Photo"), required=False)

    def setup(self) -> None:
        """What the step asks for is required here, too."""
        if self.row is not None:
            self.fields["note"].required = self.row.asks_note
            self.fields["photo"].required = self.row.asks_photo
            self.fields["note"].help_text = self.row.asks


class ReasonForm(VerbForm):
    """Why."""

    reason = _line(_("Reason"))


class EntryForm(VerbForm):
    """One line of the log."""

    text = _text(_("What happened"))
    photo = PhotoField(label=_("Photo"), required=False)


class MemberForm(VerbForm):
    """Who works on it."""

    account = RowField(_colleagues, label=_("Member"))
    role = forms.ChoiceField(
        label=_("Role"), choices=[(one.value, one.label) for one in (MemberRole.WORKS, MemberRole.HELPS)]
    )


class LeaveForm(ReasonForm):
    """Who no longer works on it, and why."""

    account = RowField(_members, label=_("Member"))
    field_order = ["account", "reason"]


class HandOverForm(ReasonForm):
    """Who leads from now on, and why."""

    to = RowField(_colleagues, label=_("Leads from now on"))
    field_order = ["to", "reason"]


class SuperviseForm(ReasonForm):
    """Which office supervises, and why."""

    unit = RowField(_offices, label=_("Supervised by"))
    field_order = ["unit", "reason"]


class CloseForm(VerbForm):
    """How it ended."""

    ending = forms.ChoiceField(label=_("Outcome"))
    reason = _text(_("How it ended"), rows=3)

    def setup(self) -> None:
        """The outcomes of this kind of case."""
        if self.row is not None:
            outcomes = kind_of(self.row.kind, self.viewer.today).outcomes
            choices = [(one.code, titled_in(one)) for one in outcomes]
            self.fields["ending"] = forms.ChoiceField(label=_("Outcome"), choices=choices)

    def arguments(self) -> dict[str, Any]:
        """As the verb takes it."""
        given = super().arguments()
        return {"outcome": given["ending"], "reason": given["reason"]}
