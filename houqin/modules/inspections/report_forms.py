"""What is asked when a report is issued or a hint is answered."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES, Kind, OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.partitions import month_after
from houqin.lib.dates import named_day
from houqin.ui.screens import RowField, VerbForm

REPORT = "inspections.report"
MONTHS = 12


def own_units(viewer: Viewer, row: Any = None) -> QuerySet[OrgUnit]:
    """The offices and schools at which the viewer works and may issue reports."""
    own = [one.org_id for one in viewer.reaches if REPORT in one.permissions]
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, REPORT).filter(pk__in=own, closed_on__isnull=True)
    return found.filter(Q(kind__in=OFFICES) | Q(kind=Kind.SCHOOL)).order_by("path")


def month_choices() -> list[tuple[str, str]]:
    """This month and those before it, the newest first."""
    today = localdate()
    return [(f"{month_after(today, -number):%Y-%m}",) * 2 for number in range(MONTHS + 1)]


def month_of(text: str) -> date | None:
    """The first day of a month that is written as 2024-03."""
    return named_day(f"{text}-01")


class ReportForm(VerbForm):
    """Of which unit and month, and what is to be said besides the figures."""

    org = RowField(own_units, label=_("Unit"))
    month = forms.ChoiceField(label=_("Month"), choices=lazy(month_choices, list))
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the figures do not say: causes, what was decided, what comes next."),
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """The month as its first day."""
        given = super().arguments()
        return given | {"month": month_of(given["month"])}


class AnswerForm(VerbForm):
    """What came of looking at a hint."""

    reason = forms.CharField(label=_("What came of it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
