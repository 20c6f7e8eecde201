"""Programs and devices that are let in: the list, letting one in, locking it out."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.permissions import all_permissions
from houqin.core.scope.viewer import Viewer
from houqin.edge.api import forms
from houqin.edge.api.actions.tokens import connect_device, issue_token, revoke_token
from houqin.edge.api.models import ApiToken, DeviceKind, Metric, Reading
from houqin.ui import formats
from houqin.ui.screens import Action, Badge, Column, Day, Facts, Family, Instant, Link, Rows, Screen, Timeline
from houqin.ui.telling import to_copy


def _state(row: ApiToken) -> Any:
    if row.revoked_at:
        return _("Locked out")
    held = row.grant.to_on is None or row.grant.to_on > timezone.localdate()
    return _("Let in") if held and row.expires_on > timezone.localdate() else _("No longer valid")


def _scopes(row: ApiToken) -> str:
    known = all_permissions()
    return formats.listed(str(known[code].label) if code in known else code for code in row.scopes)


def _measured(row: Reading) -> str:
    if row.metric == Metric.TEMPERATURE:
        return f"{formats.number(row.value / 10, 1)} °C"
    return formats.weight(row.value)


def _limits(row: Reading) -> Any:
    return _("Out of limits") if row.is_out else _("In order")


def _shown(made: tuple[ApiToken, str]) -> str:
    row, secret = made
    return to_copy(
        _("Key of %(name)s: %(secret)s — it is shown only now.") % {"name": row.label, "secret": secret}, secret
    )


def _readings(row: ApiToken, viewer: Viewer) -> Any:
    return Reading.objects.visible_to(viewer).filter(device=row.pk) if row.is_device else Reading.objects.none()


class TokenScreen(Screen):
    """Keys of programs and devices."""

    model = ApiToken
    slug = "keys"
    title = _("Keys of programs")
    family = Family.GOVERN
    icon = "key"
    order = 80
    sort = "-issued_at"
    columns = [
        Column("label", sort=True, card="title"),
        Column("kind", card="fact"),
        Link("org", sort="org__path", card="fact"),
        Column("grant__account", _("Whose"), card="no"),
        Day("expires_on", sort=True, card="no"),
        Instant("last_used_at", sort=True, card="fact"),
        Badge(
            "state", _("State"), value=_state, related=["grant"],
            tone=lambda row: "quiet" if row.revoked_at else "plain",
        ),
    ]  # fmt: skip
    filters = {"org": "choice", "kind": "choice"}
    search = ["label", "org__name"]
    views = {
        "open": (_("Not locked out"), Q(revoked_at__isnull=True)),
        "devices": (_("Devices"), ~Q(kind=DeviceKind.PROGRAM)),
    }
    panels = [
        Facts([
            Link("org"), Column("grant", _("Works with the role")), Column("place"), Column("scopes", value=_scopes),
            Instant("issued_at"), Day("expires_on"), Instant("last_used_at"), Instant("revoked_at"), "revoked_why",
        ]),
        Rows(
            _readings, [Instant("at"), Column("value", value=_measured), Badge("is_out", value=_limits, tone=lambda row: "danger" if row.is_out else "plain")],
            title=_("Readings"), keep_empty=False,
        ),
        Timeline(),
    ]  # fmt: skip
    create = Action(
        verb=issue_token, label=_("Let a program in"), permission="api.issue", form=forms.TokenForm, icon="key", secret=True,
        done=_shown,
        then=lambda made: TokenScreen.row_url(made[0]),
    )  # fmt: skip
    actions = [
        Action(
            verb=revoke_token, label=_("Lock out"), permission="api.view", form=forms.RevokeForm, icon="lock", danger=True,
            irreversible=True, deed=lambda row: _("Lock %(name)s out") % {"name": row.label}, shown=forms.may_revoke,
        )
    ]  # fmt: skip
    empty = _("No program is let in. Programs of suppliers, scales and probes work with part of a role of yours.")


class DeviceScreen(Screen):
    """Devices that stand somewhere, by their places."""

    model = ApiToken
    slug = "devices"
    title = _("Devices")
    family = Family.SMART
    icon = "device-desktop"
    order = 80
    sort = "org__path"
    columns = TokenScreen.columns
    filters = {"org": "choice", "kind": "choice"}
    search = ["label", "org__name", "place__name"]
    has_detail = False
    create = Action(
        verb=connect_device, label=_("Connect a device"), permission="api.connect", form=forms.DeviceForm, icon="plus", secret=True,
        done=_shown,
        then=lambda made: TokenScreen.row_url(made[0]),
    )  # fmt: skip
    empty = _(
        "No device is connected. Scales, refrigerator probes and morning-check terminals send what they measure by themselves."
    )

    def get_queryset(self, viewer: Viewer) -> Any:
        """Those that are no programs."""
        return super().get_queryset(viewer).exclude(kind=DeviceKind.PROGRAM)


urlpatterns = [*TokenScreen.urls(), *DeviceScreen.urls()]
