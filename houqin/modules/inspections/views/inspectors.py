"""Who inspects for an office."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections import planning_forms as forms
from houqin.modules.inspections.actions import inspectors as deeds
from houqin.modules.inspections.models import Inspector
from houqin.modules.inspections.words import FAMILIES
from houqin.ui.screens import Action, Column, Day, Facts, Family, Link, Screen, Timeline

PLAN = "inspections.plan"


def register(*, by: Viewer, org: Any, **given: Any) -> Inspector:
    """Register somebody with an office."""
    return deeds.register_inspector(org, by=by, **given)


def _families(row: Inspector) -> str:
    return "、".join(str(FAMILIES.get(one, one)) for one in row.families) or str(_("Every field"))


def _here(row: Inspector, viewer: Viewer) -> bool:
    return row.ended_on is None


def _as_registered(row: Inspector, viewer: Viewer) -> dict[str, Any]:
    return {"works_at": row.works_at, "families": row.families, "stays_off": list(row.stays_off.all())}


class InspectorScreen(Screen):
    """The list from which inspectors are drawn."""

    model = Inspector
    slug = "inspectors"
    title = _("Inspectors")
    family = Family.SAFE
    icon = "user-search"
    order = 8
    columns = [
        Column("account", sort="account__display_name", card="title"),
        Link("org", sort="org__path", card="fact"),
        Column("works_at", sort="works_at__path", card="fact"),
        Column("families", value=_families, card="fact"),
        Day("from_on", sort=True, card="no"),
        Day("ended_on", sort=True, card="no"),
    ]
    filters = {"org": "choice", "from_on": "range"}
    search = ["account__display_name", "works_at__name", "org__name"]
    views = {
        "now": (_("On the list"), Q(ended_on__isnull=True)),
        "before": (_("Inspect no more"), Q(ended_on__isnull=False)),
    }
    opens_on = "now"
    panels = [
        Facts([
            Column("account"), Link("org"), Column("works_at"), Column("families", value=_families),
            Column("off", _("Stays off"), value=lambda row: "、".join(one.name for one in row.stays_off.all()) or None),
            Day("from_on"), Day("ended_on"),
        ]),
        Timeline(),
    ]  # fmt: skip
    create = Action(
        verb=register, name="new", label=_("Register an inspector"), permission=PLAN, form=forms.InspectorForm, icon="plus",
        help=_("Inspectors are drawn from this list: never for the school where they work, never for one they stay off."),
    )  # fmt: skip
    actions = [
        Action(
            verb=deeds.change_inspector, name="change", label=_("Change"), permission=PLAN, form=forms.InspectorForm, icon="edit",
            initial=_as_registered, shown=_here,
        ),
        Action(
            verb=deeds.end_inspector, name="end", label=_("Take off the list"), permission=PLAN, form=forms.ReasonForm,
            icon="user-off", danger=True, aside=True, shown=_here,
        ),
    ]  # fmt: skip
    empty = _("Nobody is registered yet. Register at least two, so that schools and inspectors can be drawn.")


urlpatterns = [*InspectorScreen.urls()]
