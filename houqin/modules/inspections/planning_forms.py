"""What is asked when a campaign is planned, schools are chosen or drawn, and inspectors are registered."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.viewers import accounts_holding
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.orgs.schools import AT_WORK
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.actions.planning import PLAN, Brief
from houqin.modules.inspections.candidates import schools_for
from houqin.modules.inspections.lists import lists_on
from houqin.modules.inspections.models import Campaign, CampaignKind, Inspector
from houqin.modules.inspections.words import FAMILIES
from houqin.ui.screens import CountField, DayField, RowField, RowsField, VerbForm


def offices(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    """The offices at which the viewer plans."""
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, PLAN).filter(kind__in=OFFICES, closed_on__isnull=True)
    return found.filter(pk__in=[one.org_id for one in viewer.reaches if PLAN in one.permissions]).order_by("path")


def _below(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, PLAN).filter(kind__in=AT_WORK)
    return found.filter(closed_on__isnull=True).order_by("path")


def _fitting(viewer: Viewer, row: Campaign | None) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, PLAN)
    return found.filter(pk__in=[one.pk for one in schools_for(row, viewer.today)]) if row else found.none()


def _team(viewer: Viewer, row: Campaign | None) -> QuerySet[Inspector]:
    found: QuerySet[Inspector] = Inspector.objects.visible_to(viewer, PLAN).filter(ended_on__isnull=True)
    return found.filter(org=row.org).select_related("account") if row else found.none()


def _colleagues(viewer: Viewer, row: Campaign | None) -> QuerySet[Account]:
    if row is None:
        nobody: QuerySet[Account] = Account.objects.none()
        return nobody
    holders = accounts_holding(PLAN, org=row.org).exclude(pk=row.account_id)
    found: QuerySet[Account] = holders.exclude(pk__in=row.insiders.values("pk"))
    return found


def _accounts(viewer: Viewer, row: Any) -> QuerySet[Account]:
    at = [one.path for one in viewer.reaches if PLAN in one.permissions]
    match = Q(pk__in=[])
    for path in at:
        match |= Q(home__path__startswith=path)
    found: QuerySet[Account] = Account.objects.filter(match, is_active=True)
    return found.order_by("display_name")


def _lists() -> list[tuple[str, str]]:
    return [(code, str(held)) for code, held in lists_on(localdate()).items()]


class CampaignForm(VerbForm):
    """What is inspected, where, when, and on whose order."""

    org = RowField(offices, label=_("Office"))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=CampaignKind.choices,
        help_text=_("Unannounced: only you and whom you let in see it before it ends; inspectors learn the school when they set out."),
    )  # fmt: skip
    title = forms.CharField(label=_("Title"), max_length=120)
    checklists = forms.MultipleChoiceField(
        label=_("Checklists"), choices=lazy(_lists, list), widget=forms.CheckboxSelectMultiple
    )
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"))
    basis = forms.CharField(
        label=_("Basis"), max_length=300, required=False, help_text=_("The document that asks for it.")
    )
    partners = forms.CharField(label=_("With which departments"), max_length=200, required=False)

    def setup(self) -> None:
        """The office of a campaign stays."""
        if self.row is not None:
            del self.fields["org"]

    def arguments(self) -> dict[str, Any]:
        """The brief as the verb takes it."""
        given = super().arguments()
        org = {"org": given.pop("org")} if "org" in given else {}
        return org | {"brief": Brief(**given)}


class LetInForm(VerbForm):
    """Which colleague."""

    account = RowField(_colleagues, label=_("Colleague"))


class WantedForm(VerbForm):
    """How many schools."""

    wanted = CountField(label=_("Schools to draw"), min_value=1)

    def setup(self) -> None:
        """In cross-checks all are drawn: each school inspects one."""
        if self.row is not None and self.row.kind == CampaignKind.CROSS:
            del self.fields["wanted"]

    def arguments(self) -> dict[str, Any]:
        """None is asked for in cross-checks."""
        return {"wanted": 0} | super().arguments()


class SchoolsForm(VerbForm):
    """Which schools, by whom."""

    schools = RowsField(_fitting, label=_("Schools"))
    inspectors = RowsField(_team, label=_("Inspectors"), required=False, help_text=_("At least two; the first leads."))

    def setup(self) -> None:
        """Schools that check themselves need no inspectors."""
        if self.row is not None and self.row.kind == CampaignKind.SELF:
            del self.fields["inspectors"]


class EndForm(VerbForm):
    """Why what has not begun is called off."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Needed when visits have not begun: they are called off."),
    )


class InspectorForm(VerbForm):
    """Who inspects what, and where never."""

    org = RowField(offices, label=_("Office"))
    account = RowField(_accounts, label=_("Account"))
    works_at = RowField(
        _below,
        label=_("Works at"),
        required=False,
        help_text=_("A school, when they work at one. They never inspect it; in cross-checks they go for it."),
    )
    families = forms.MultipleChoiceField(
        label=_("Fields"), choices=list(FAMILIES.items()), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every field."),
    )  # fmt: skip
    stays_off = RowsField(
        _below,
        label=_("Stays off"),
        required=False,
        help_text=_("Schools where relatives work or learn, and the like."),
    )

    def setup(self) -> None:
        """Who and for whom stays."""
        if self.row is not None:
            del self.fields["org"], self.fields["account"]


class ReasonForm(VerbForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
