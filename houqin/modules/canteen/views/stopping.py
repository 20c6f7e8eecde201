"""Kitchens that are stopped, what is eaten instead, and their release."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.stopping import release_kitchen, stop_kitchen
from houqin.modules.canteen.models import KitchenStop
from houqin.ui.screens import (
    Action,
    Column,
    Facts,
    Family,
    Instant,
    Link,
    RowField,
    Screen,
    Timeline,
    VerbForm,
    mask_name,
)

STAND = Q(released_at__isnull=True)


def _schools(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, "canteen.stop_kitchen").filter(kind=Kind.SCHOOL)
    return found.filter(closed_on__isnull=True).order_by("path")


class StopKitchenForm(VerbForm):
    """Why, and what is eaten instead."""

    org = RowField(_schools, label=_("School"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    instead = forms.CharField(
        label=_("Eaten instead"), max_length=200, help_text=_("Which meal, from whom, from when: nobody goes without")
    )
    boarders_instead = forms.CharField(label=_("Boarders eat"), max_length=200, required=False)


class ReleaseKitchenForm(VerbForm):
    """Why it may cook again."""

    reason = forms.CharField(label=_("Why it may cook again"), max_length=200)


class KitchenStopScreen(Screen):
    """Kitchens stopped, newest first."""

    model = KitchenStop
    slug = "kitchen-stops"
    title = _("Kitchens stopped")
    family = Family.SAFE
    icon = "hand-stop"
    order = 48
    sort = "-since"
    columns = [
        Column("reason", card="title"), Link("org", sort="org__path", card="fact"), Column("instead", card="fact"),
        Column("boarders_instead"), Instant("since", sort=True, card="fact"), Instant("released_at", sort=True),
    ]  # fmt: skip
    filters = {"org": "choice", "since": "range"}
    search = ["reason", "org__name"]
    views = {"standing": (_("Stopped now"), STAND), "released": (_("Cooking again"), ~STAND)}
    panels = [
        Facts([
            Link("org"), "reason", "instead", "boarders_instead", "source", Instant("since"),
            Column("decided_by", mask=mask_name, unmask="ledgers.see_names"), Instant("released_at"),
            Column("released_by", mask=mask_name, unmask="ledgers.see_names"), "released_why",
        ]),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=release_kitchen, name="release", label=_("Release the kitchen"), permission="canteen.stop_kitchen",
            form=ReleaseKitchenForm, icon="lock-open", shown=lambda row, viewer: row.released_at is None,
        )
    ]  # fmt: skip
    create = Action(
        verb=lambda *, by, org, **given: stop_kitchen(org, by=by, **given), name="stop", icon="hand-stop", danger=True,
        label=_("Stop a kitchen"), permission="canteen.stop_kitchen", form=StopKitchenForm,
    )  # fmt: skip
    empty = _("No kitchen was stopped.")


urlpatterns = KitchenStopScreen.urls()
