"""What several forms offer or ask alike."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.scope.viewer import Viewer
from houqin.ui.screens import VerbForm


def open_units(permission: str, *kinds: str) -> Any:
    """The open units where the viewer holds a permission, of some kinds."""

    def rows(viewer: Viewer, row: Any) -> QuerySet[Any]:
        found = OrgUnit.objects.visible_to(viewer, permission).filter(closed_on__isnull=True)
        return found.filter(kind__in=kinds) if kinds else found

    return rows


class ReasonForm(VerbForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


def today(row: Any, viewer: Viewer) -> dict[str, date]:
    """Dates that are usually today."""
    return {name: viewer.today for name in ("on", "valid_from", "from_on", "enrolled_on", "opened_on")}


def at_work(unit: Callable[[Any], OrgUnit | None]) -> Any:
    """The people who work at the unit of the row on the page."""

    def rows(viewer: Viewer, row: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = Person.objects.visible_to(viewer).filter(org=unit(row), left_on__isnull=True)
        return found.order_by("name")

    return rows
