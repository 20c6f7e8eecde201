"""A meal on the phone: heads, issue, temperatures and tasting, samples, serving, in the order in which they come."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.lib.dates import day_or
from houqin.modules.canteen.actions import meals as deeds
from houqin.modules.canteen.forms import kitchen as forms
from houqin.modules.canteen.models import MealKind
from houqin.modules.canteen.queries import ledgers
from houqin.modules.canteen.queries.heads_story import late_changes
from houqin.modules.canteen.queries.kitchen import Service, kind_at, meal_url, school_asked, service_of, waiting
from houqin.modules.canteen.rules.serving import Step, degrees
from houqin.ui import formats, nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of, home_of
from houqin.ui.keys import Outcome, key_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.acting import arguments_of, carry_out
from houqin.ui.telling import Caution

TITLE = _("The meal today")
RECORD, COOK = "canteen.record", "canteen.cook"


def _issued(service: Service, by: Viewer, **given: Any) -> str:
    issues = deeds.issue_meal(service.org, by=by, meal=_meal(service), **given)
    total = formats.weight(sum(issue.quantity_grams for issue in issues))
    words = ngettext("%(count)s product issued, %(total)s.", "%(count)s products issued, %(total)s.", len(issues))
    return words % {"count": len(issues), "total": total}


def _measured(service: Service, by: Viewer, **given: Any) -> str:
    checks = deeds.measure_dishes(service.org, by=by, meal=_meal(service), **given)
    cold = [check for check in checks if not check.passed]
    if not cold:
        words = ngettext(
            "%(count)s dish measured: cooked through.", "%(count)s dishes measured: cooked through.", len(checks)
        )
        return words % {"count": len(checks)}
    told = "、".join(f"{check.dish} {degrees(check.tenths or 0)} °C" for check in cold)
    words = gettext("%(dishes)s: below %(least)s °C. Cook on and measure again.")
    return Caution(words % {"dishes": told, "least": degrees(service.least_tenths)})


def _tasted(service: Service, by: Viewer, **given: Any) -> str:
    check = deeds.taste_meal(service.org, by=by, meal=_meal(service), **given)
    if check.passed:
        return gettext("Tasted: everything is fine.")
    return Caution(gettext("Recorded. What is not right is not served; measure and taste it again when it is."))


def _sampled(service: Service, by: Viewer, **given: Any) -> str:
    kept = deeds.retain_samples(service.org, by=by, meal=_meal(service), **given)
    words = ngettext(
        "%(count)s sample kept, not to be disposed of before %(until)s.",
        "%(count)s samples kept, not to be disposed of before %(until)s.",
        len(kept),
    ) % {"count": len(kept), "until": formats.instant(kept[0].keep_until)}
    odd = [f"{sample.dish}：{told}" for sample in kept for told in ledgers.warning_sentences(sample.warnings)]
    return Caution(" ".join([words, *odd])) if odd else words


def _begun(service: Service, by: Viewer) -> str:
    check = deeds.begin_serving(service.org, by=by, meal=_meal(service))
    return gettext("Serving since %(at)s.") % {"at": formats.clock(check.at)}


def _ended(service: Service, by: Viewer) -> str:
    check = deeds.end_serving(service.org, by=by, meal=_meal(service))
    return gettext("Served at %(at)s.") % {"at": formats.clock(check.at)}


def _changed(service: Service, by: Viewer, **given: Any) -> str:
    change = deeds.change_menu(service.org, by=by, meal=_meal(service), **given)
    if change.added is None:
        return gettext("%(dish)s is off the menu.") % {"dish": change.dropped}
    return gettext("%(dish)s is on the menu; the plan has followed.") % {"dish": change.added}


def _meal(service: Service) -> deeds.ForMeal:
    return deeds.ForMeal(service.meal.day, service.meal.kind)


@dataclass(frozen=True)
class Deed:
    """One form of the page, what it does, and who may."""

    form: type[forms.StepForm]
    run: Callable[..., str]
    permission: str = COOK


DEEDS = {
    "issue": Deed(forms.IssueForm, _issued, RECORD),
    "measure": Deed(forms.MeasureForm, _measured),
    "taste": Deed(forms.StepForm, _tasted),
    "taste-wrong": Deed(forms.TasteForm, _tasted),
    "sample": Deed(forms.SamplesForm, _sampled),
    "begin": Deed(forms.StepForm, _begun),
    "end": Deed(forms.StepForm, _ended),
}


def _asked(request: HttpRequest) -> Service | None:
    """The meal that the address names: of today and this time of day where it says nothing."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_asked(viewer, request.GET.get("school", ""), focus_of(request).org)
    if school is None:
        return None
    kind = request.GET.get("meal", "")
    day = day_or(request.GET.get("day", ""), viewer.today)
    return service_of(school, day, kind if kind in MealKind.values else kind_at(viewer.moment))


@page(permission="canteen.view")
def kitchen(request: HttpRequest) -> HttpResponse:
    """The steps of a meal; the next one stands open."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    service = _asked(request)
    if service is None:
        return choose_school(request, TITLE, "canteen.view")
    name = request.GET.get("step", "")
    sent = None
    if request.method == "POST" and name in DEEDS:
        sent = DEEDS[name].form(request.POST, viewer=viewer, row=service, key=key_of(request))
        answer = _carry_out(request, DEEDS[name], service, sent)
        if answer is not None:
            return answer
    home = home_of(request)
    context = _shown(service, viewer, name, sent) | {"alone": home is not None and home.pk == service.org.pk}
    return render(request, "canteen/kitchen.html", context, status=422 if sent else 200)


def _carry_out(request: HttpRequest, deed: Deed, service: Service, form: forms.StepForm) -> HttpResponse | None:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def run() -> Outcome:
        told = deed.run(service, viewer, **arguments_of(form))
        return meal_url(service.org, service.meal.day, service.meal.kind), told

    return carry_out(request, run, form=form)


def _shown(service: Service, viewer: Viewer, name: str, sent: forms.StepForm | None) -> dict[str, Any]:
    """What the page shows: a form for each step that this person may do on the meal's day."""
    may = {code: viewer.may(code, service.org.path) for code in (RECORD, COOK)}
    is_today = service.meal.day == viewer.today
    drawn: dict[str, Any] = {}
    for key, deed in DEEDS.items():
        if may[deed.permission] and (is_today or (key == "issue" and service.meal.day < viewer.today)):
            drawn[key.replace("-", "_")] = deed.form(viewer=viewer, row=service)
    if sent is not None:
        drawn[name.replace("-", "_")] = sent
    steps = [step for step in Step if may[RECORD] or step != Step.ISSUE]
    return {
        "title": TITLE, "service": service, "forms": drawn, "may_change": may[COOK] and service.meal.day >= viewer.today,
        "next": service.progress.next_of(steps) if may[COOK] else None, "late": service.late(viewer.now) if is_today else [],
        "kinds": [(kind, meal_url(service.org, service.meal.day, kind)) for kind in MealKind],
        "address": meal_url(service.org, service.meal.day, service.meal.kind), "is_today": is_today,
        "heads_url": f"{reverse('canteen:heads-board')}?day={service.meal.day.isoformat()}",
        "labels_url": _labels_url(service), "sent": name if sent else "", "unsigned": waiting(service.plan),
        "changes": late_changes(service.meal),
    }  # fmt: skip


def _labels_url(service: Service) -> str:
    picked = [("pick", str(sample.public_id)) for sample in service.kept]
    return f"{reverse('canteen:samples-labels')}?{urlencode(picked)}" if picked else ""


@page(permission=COOK)
def change(request: HttpRequest) -> HttpResponse:
    """A dish is not cooked, or another is."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    service = _asked(request)
    if service is None:
        return choose_school(request, TITLE, "canteen.view")
    form = forms.ChangeForm(request.POST or None, viewer=viewer, row=service, key=key_of(request))
    if request.method == "POST":
        answer = _carry_out(request, Deed(forms.ChangeForm, _changed), service, form)
        if answer is not None:
            return answer
    context = {
        "title": _("Change the menu"), "service": service, "form": form,
        "back": meal_url(service.org, service.meal.day, service.meal.kind),
    }  # fmt: skip
    return render(request, "canteen/kitchen_change.html", context, status=422 if request.method == "POST" else 200)


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="canteen:kitchen", permission="canteen.view", icon="soup", order=7,
        phone=True,
    )
)  # fmt: skip
urlpatterns = [path("kitchen/", kitchen, name="kitchen"), path("kitchen/change/", change, name="kitchen-change")]
