"""What several forms offer or ask alike."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
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
