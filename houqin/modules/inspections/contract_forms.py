"""What is asked when a contract of a service is written down."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.actions.contracts import AGREE
from houqin.modules.inspections.items import Grade
from houqin.modules.inspections.lists import lists_on
from houqin.modules.inspections.models import Service
from houqin.ui.screens import CountField, DayField, MoneyField, RowField, VerbForm

STEP = "step"


def _schools(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, AGREE).exclude(kind__in=OFFICES)
    return found.filter(closed_on__isnull=True).order_by("path")


class ContractForm(VerbForm):
    """With whom, what a month costs, and how much of it is kept back at which grade."""

    org = RowField(_schools, label=_("School"))
    service = forms.ChoiceField(label=_("Service"), choices=Service.choices)
    firm = forms.CharField(label=_("Firm"), max_length=120)
    fee_fen = MoneyField(label=_("Paid a month"))
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"))

    def setup(self) -> None:
        """A percent for each grade of the checklist that scores services; nothing is kept back at the best."""
        self.grades = self._grades()
        zh = (get_language() or "").startswith("zh")
        for number, grade in enumerate(self.grades):
            words = {"grade": grade.zh if zh else grade.en, "least": grade.least}
            self.fields[f"{STEP}{number}"] = CountField(
                label=_("Kept back at “%(grade)s” (from %(least)s points)") % words, unit="%", max_value=100, initial=None if number else 0,
            )  # fmt: skip

    def _grades(self) -> list[Grade]:
        held = lists_on(self.viewer.today).values()
        scoring = (one.checklist for one in held if any(section.service for section in one.checklist.sections))
        return next((one.grades for one in scoring), [])

    def arguments(self) -> dict[str, Any]:
        """The steps as the verb takes them."""
        given = super().arguments()
        percents = [given.pop(f"{STEP}{number}") for number in range(len(self.grades))]
        return given | {"steps": [(one.least, percent) for one, percent in zip(self.grades, percents, strict=True)]}
