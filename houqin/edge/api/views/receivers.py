"""Other systems that are told what happens, and what they were told."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.edge.api import forms
from houqin.edge.api.actions import webhooks
from houqin.edge.api.models import Delivery, Webhook
from houqin.edge.api.told import TOLD
from houqin.ui import formats
from houqin.ui.screens import Action, Badge, Column, Facts, Family, Instant, Link, Number, Rows, Screen, Timeline
from houqin.ui.telling import to_copy

State = Webhook.State
TONES = {State.ON: "plain", State.PAUSED: "soon", State.FAILED: "danger", State.ENDED: "quiet"}
SENT = {Delivery.State.WAITING: "soon", Delivery.State.DELIVERED: "plain", Delivery.State.FAILED: "danger"}


def _mine(row: Webhook, viewer: Viewer) -> bool:
    return row.state != State.ENDED and (
        row.grant.account_id == viewer.account_id or viewer.may("grants.change", row.org.path)
    )


def _events(row: Webhook) -> str:
    return formats.listed(str(TOLD[name].title) if name in TOLD else name for name in row.events)


def _shown(made: tuple[Webhook, str]) -> str:
    row, secret = made
    words = _("%(name)s checks messages with this secret, which is shown only now: %(secret)s")
    return to_copy(words % {"name": row.label, "secret": secret}, secret)


class WebhookScreen(Screen):
    """Receivers."""

    model = Webhook
    slug = "receivers"
    title = _("Receivers")
    family = Family.GOVERN
    icon = "send"
    order = 81
    sort = "label"
    columns = [
        Column("label", sort=True, card="title"),
        Link("org", sort="org__path", card="fact"),
        Column("url", card="no"),
        Badge("state", tones=TONES),
        Instant("failing_since", sort=True, card="fact"),
        Column("grant__account", _("Whose"), card="no", related=["grant__account"]),
    ]  # fmt: skip
    filters = {"org": "choice", "state": "choice"}
    search = ["label", "url", "org__name"]
    panels = [
        Facts([Link("org"), "url", Column("events", value=_events), Badge("state", tones=TONES), Instant("made_at"), Instant("failing_since")]),
        Rows(
            lambda row, viewer: Delivery.objects.visible_to(viewer).filter(webhook=row.pk),
            [Instant("made_at"), Column("event", value=str), Badge("state", tones=SENT), Number("tries"), Column("answer"), Instant("next_at")],
            title=_("Messages"),
        ),
        Timeline(),
    ]  # fmt: skip
    create = Action(
        verb=webhooks.set_up_webhook, label=_("Set up a receiver"), permission="api.connect", form=forms.WebhookForm, icon="plus",
        secret=True, then=lambda made: WebhookScreen.row_url(made[0]),
        done=_shown,
    )  # fmt: skip
    actions = [
        Action(
            verb=webhooks.resume_webhook, label=_("Let it be told again"), permission="api.view", icon="player-play",
            shown=lambda row, viewer: row.state in {State.PAUSED, State.FAILED} and _mine(row, viewer),
        ),
        Action(
            verb=webhooks.pause_webhook, label=_("Pause"), permission="api.view", icon="player-pause", aside=True,
            shown=lambda row, viewer: row.state == State.ON and _mine(row, viewer),
        ),
        Action(
            verb=webhooks.end_webhook, label=_("End"), permission="api.view", icon="plug-x", danger=True, irreversible=True,
            form=forms.RevokeForm, shown=_mine, deed=lambda row: _("Tell %(name)s nothing ever again") % {"name": row.label},
        ),
    ]  # fmt: skip
    empty = _(
        "No other system is told. One that is set up here hears at once of recalls, stopped kitchens and the like."
    )


class DeliveryScreen(Screen):
    """What was told, and what came of it."""

    model = Delivery
    slug = "messages"
    title = _("Messages to receivers")
    family = None
    sort = "-made_at"
    columns = [
        Column("event", value=str, card="title"),
        Link("webhook", sort="webhook__label", card="fact"),
        Instant("made_at", sort=True, card="fact"),
        Badge("state", tones=SENT),
        Number("tries", sort=True),
        Column("answer", card="no"),
        Instant("next_at", card="no"),
    ]  # fmt: skip
    filters = {"webhook": "choice", "state": "choice", "made_at": "range"}
    search = ["webhook__label", "event"]
    views = {"waiting": (_("Waits"), Q(state="waiting")), "failed": (_("Did not get through"), Q(state="failed"))}
    panels = [
        Facts([Column("event", value=str), Link("webhook"), Instant("made_at"), "tries", "answer", Instant("next_at"), Instant("delivered_at"), "body"]),
    ]  # fmt: skip
    actions = [
        Action(
            verb=webhooks.send_again, label=_("Send once more"), permission="api.view", icon="refresh",
            shown=lambda row, viewer: row.state != Delivery.State.WAITING or row.tries > 0,
        )
    ]  # fmt: skip
    empty = _("Nothing was told yet.")


urlpatterns = [*WebhookScreen.urls(), *DeliveryScreen.urls()]
