"""What is asked before a program or device is let in, or another system is told."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.models import Grant
from houqin.core.places.models import Place
from houqin.core.scope.permissions import all_permissions
from houqin.core.scope.viewer import Viewer
from houqin.edge.api.models import ApiToken, DeviceKind
from houqin.edge.api.scopes import TAKEN
from houqin.edge.api.told import TOLD
from houqin.ui.screens import DayField, RowField, VerbForm


def own_roles(viewer: Viewer, row: Any) -> QuerySet[Grant]:
    """The roles that the viewer holds now."""
    held: QuerySet[Grant] = Grant.objects.on(viewer.today).filter(account=viewer.account_id).select_related("org")
    return held


def _held(viewer: Viewer) -> set[str]:
    return {code for reach in viewer.reaches for code in reach.permissions}


class TokenForm(VerbForm):
    """A program that works with part of a role."""

    grant = RowField(own_roles, label=_("With which role"))
    label = forms.CharField(label=_("What it is for"), max_length=60)
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)
    expires_on = DayField(label=_("Valid until"), help_text=_("At most two years. It ends sooner when the role ends."))

    def setup(self) -> None:
        """Only what the viewer's own roles hold, and some address takes."""
        held = _held(self.viewer) & TAKEN
        known = sorted(all_permissions().items())
        choices = [(code, f"{one.label} ({code})") for code, one in known if code in held]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


class DeviceForm(VerbForm):
    """A device that stands at a place."""

    grant = RowField(own_roles, label=_("With which role"))
    label = forms.CharField(label=_("What it is for"), max_length=60)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(one.value, one.label) for one in DeviceKind if one != DeviceKind.PROGRAM]
    )
    place = RowField(
        lambda viewer, row: Place.objects.visible_to(viewer, "api.connect").in_use(), label=_("Where it stands")
    )
    expires_on = DayField(label=_("Valid until"), help_text=_("At most two years. It ends sooner when the role ends."))


class RevokeForm(VerbForm):
    """Why it is locked out."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class WebhookForm(VerbForm):
    """Another system that is told."""

    grant = RowField(own_roles, label=_("With which role"))
    label = forms.CharField(label=_("System"), max_length=60)
    url = forms.URLField(label=_("Address"), max_length=300, assume_scheme="https")
    events = forms.MultipleChoiceField(label=_("Is told of"), widget=forms.CheckboxSelectMultiple)

    def setup(self) -> None:
        """Only what the viewer's own roles may see."""
        held = _held(self.viewer)
        self.fields["events"].choices = [(one.name, one.title) for one in TOLD.values() if one.permission in held]  # type: ignore[attr-defined]


def may_revoke(row: ApiToken, viewer: Viewer) -> bool:
    """It still opens the door, and it is one's own or one gives roles there."""
    own = row.grant.account_id == viewer.account_id
    return row.revoked_at is None and (own or viewer.may("grants.change", row.org.path))
