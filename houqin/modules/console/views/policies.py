"""Local rules: what holds at a unit, who set it, and changing it."""

from typing import Any

import django_filters as df
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.actions import set_policy, take_back_policy
from houqin.core.policies.models import PolicySetting
from houqin.core.scope.refusals import NotVisible, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.console.forms.choices import ReasonForm
from houqin.modules.console.forms.policies import PolicyForm
from houqin.modules.console.queries import policies as queries
from houqin.ui import formats, nav
from houqin.ui.focus import focus_of, named, unit_of
from houqin.ui.keys import key_of
from houqin.ui.pages import page
from houqin.ui.screens import Action, Column, Family, Instant, Link, Screen
from houqin.ui.screens.acting import carry_out


class SettingScreen(Screen):
    """What units set over time."""

    model = PolicySetting
    slug = "policy-settings"
    title = _("Changes of local rules")
    icon = "adjustments"
    sort = "-set_at"
    has_detail = False
    columns = [
        Column("code", sort=True, card="title", value=queries.rule_words),
        Column("value", card="fact", value=queries.set_words),
        Link("org", sort="org__path", card="fact"),
        Instant("set_at", sort=True, card="fact"),
        Column("account", sort="account__display_name"),
        Column("reason"),
    ]
    filters = {
        "code": df.ChoiceFilter(label=_("Rule"), choices=queries.rule_choices),
        "org": "choice",
        "set_at": "range",
    }
    empty = _("No unit has set a rule of its own: the defaults hold everywhere.")


@page(permission="policies.view")
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule at a unit."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = unit_of(request)
    require(viewer, "policies.view", at=org)
    context = {
        "title": _("Local rules"), "org": org, "groups": queries.rules_at(org), "chain": focus_of(request).chain,
        "may_change": org.is_open and viewer.may("policies.change", org.path),
    }  # fmt: skip
    return render(request, "console/policies.html", context)


SET = Action(verb=set_policy, label=_("Set the rule"), permission="policies.change", icon="check")
TAKE_BACK = Action(
    verb=take_back_policy, label=_("Take the unit’s own value back"), permission="policies.change", icon="arrow-back-up",
    help=_("What the units above set, or the default, holds again from now on."),
)  # fmt: skip


@page(permission="policies.change")
def change(request: HttpRequest) -> HttpResponse:
    """Set one rule at a unit."""
    viewer, row = _asked_for(request)
    form = PolicyForm(request.POST or None, viewer=viewer, policy=row.policy)
    return _deed(request, SET, row, form, gettext("“%(rule)s” is set.") % {"rule": row.policy.label})


@page(permission="policies.change")
def take_back(request: HttpRequest) -> HttpResponse:
    """Take back what a unit set itself."""
    viewer, row = _asked_for(request)
    form = ReasonForm(request.POST or None, viewer=viewer)
    return _deed(request, TAKE_BACK, row, form, gettext("“%(rule)s” is taken back.") % {"rule": row.policy.label})


def _asked_for(request: HttpRequest) -> tuple[Viewer, queries.RuleRow]:
    """The rule and the unit that the address names."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    place = named(request.GET.get("unit", ""), viewer)
    org = OrgUnit.objects.get_visible(viewer, path=place)
    require(viewer, "policies.change", at=org)
    row = queries.rule_at(org, request.GET.get("code", ""))
    if row is None:
        raise NotVisible
    return viewer, row


def _deed(request: HttpRequest, action: Action, row: queries.RuleRow, form: Any, told: str) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    back = f"{reverse('console:policies')}?under={row.org.path}"

    def run() -> tuple[str, str]:
        action.verb(row.org, by=viewer, code=row.policy.code, **form.arguments())
        return back, told

    if request.method == "POST" and form.is_valid() and (answer := carry_out(request, run, form=form)):
        return answer
    context = {
        "screen": {"title": _("Local rules")}, "list_url": back, "back": back, "action": action, "form": form,
        "title": row.policy.label, "words": action.label, "key": key_of(request), "facts": _facts(row),
    }  # fmt: skip
    return render(request, action.template, context, status=422 if request.method == "POST" else 200)


def _facts(row: queries.RuleRow) -> list[tuple[Any, Any]]:
    """What holds now and why, before it is changed."""
    setting = row.stands.setting
    by = f"{setting.org} · {formats.instant(setting.set_at)}" if setting else gettext("Default")
    facts = [(_("Unit"), row.org), (_("Holds now"), row.value), (_("Set by"), by), (_("Default"), row.default)]
    facts += [(_("Basis"), row.policy.source)] if row.policy.source else []
    return [*facts, (_("Below"), row.direction)]


nav.register(
    nav.NavItem(
        family=Family.GOVERN, title=_("Local rules"), url_name="console:policies", permission="policies.view",
        icon="adjustments", order=40,
    )
)  # fmt: skip
urlpatterns = [
    path("policies/", rules, name="policies"),
    path("policies/change/", change, name="policy-change"),
    path("policies/take-back/", take_back, name="policy-take-back"),
    *SettingScreen.urls(),
]
