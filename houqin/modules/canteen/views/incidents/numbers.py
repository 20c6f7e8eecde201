"""Emergency numbers of a unit: asked once, before they are needed; what an office sets holds for all below it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.incidents import set_number
from houqin.modules.canteen.forms.incidents import NumberForm
from houqin.modules.canteen.queries.incidents.pages import numbers_at
from houqin.ui import nav
from houqin.ui.focus import focus_of
from houqin.ui.keys import Outcome
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.acting import arguments_of, carry_out

TITLE = _("Emergency numbers")
SET = "canteen.set_numbers"


@page(permission="cases.work")
def numbers(request: HttpRequest) -> HttpResponse:
    """Whom to telephone, and whose number it is; who may, writes down the unit's own."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    unit = _unit(request, viewer)
    form = NumberForm(request.POST or None, viewer=viewer, row=unit)
    if request.method == "POST":

        def run() -> Outcome:
            number = set_number(unit, by=viewer, **arguments_of(form))
            told = gettext("Kept: %(number)s. It holds for %(unit)s and all below that have none of their own.")
            return f"{reverse('canteen:emergency-numbers')}?org={unit.path}", told % {"number": number, "unit": unit}

        answer = carry_out(request, run, form=form)
        if answer is not None:
            return answer
    may_set = viewer.may(SET, unit.path)
    found = [
        (body, known, NumberForm(viewer=viewer, initial={"body": body.value, "phone": known.phone if known and known.org_id == unit.pk else ""}) if may_set else None)
        for body, known in numbers_at(unit)
    ]  # fmt: skip
    context = {
        "title": TITLE,
        "unit": unit,
        "numbers": found,
        "form": form,
        "action": f"{reverse('canteen:emergency-numbers')}?org={unit.path}",
    }
    return render(request, "canteen/incidents/numbers.html", context, status=422 if request.method == "POST" else 200)


def _unit(request: HttpRequest, viewer: Viewer) -> OrgUnit:
    """The unit that the form was opened for, else the one looked at, else the topmost within reach."""
    asked = request.GET.get("org", "")
    rows = OrgUnit.objects.visible_to(viewer, "cases.work")
    if asked.isdigit():
        found: OrgUnit = rows.get_visible(viewer, path=asked)
        return found
    return focus_of(request).org or rows.order_by("path")[0]


nav.register(
    nav.NavItem(
        family=Family.SAFE,
        title=TITLE,
        url_name="canteen:emergency-numbers",
        permission="cases.work",
        icon="phone",
        order=2,
    )
)
urlpatterns = [path("emergency-numbers/", numbers, name="emergency-numbers")]
