"""One button on every phone: suspected food poisoning, real or drill; a second tap confirms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import school_of, schools_within
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.incidents import raise_alarm
from houqin.modules.canteen.forms.incidents import AlarmForm
from houqin.modules.canteen.incident_kind import page_of
from houqin.modules.canteen.queries.incidents.pages import running
from houqin.ui import nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.keys import Outcome
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.acting import carry_out

TITLE = _("Suspected food poisoning")
RAISE = "cases.work"


@page(permission=RAISE)
def alarm(request: HttpRequest) -> HttpResponse:
    """Two taps: real or drill, then yes. What runs already is joined."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = _school(request, viewer)
    if school is None:
        return choose_school(request, TITLE, RAISE)
    form = AlarmForm(request.POST or None, viewer=viewer, row=school)
    if request.method == "POST":

        def run() -> Outcome:
            case = raise_alarm(school, by=viewer, **form.cleaned_data)
            told = gettext("Everybody at the school has been told. Work through your list, from the top.")
            return page_of(case), told

        answer = carry_out(request, run, form=form)
        if answer is not None:
            return answer
    context = {
        "title": TITLE, "school": school, "form": form, "running": [(one, page_of(one)) for one in running(school)],
        "action": f"{reverse('canteen:alarm')}?school={school.path}",
    }  # fmt: skip
    return render(request, "canteen/incidents/alarm.html", context, status=422 if request.method == "POST" else 200)


def _school(request: HttpRequest, viewer: Viewer) -> OrgUnit | None:
    """The school that the form was opened for: what is looked at may have changed while it waited on a phone."""
    asked = request.GET.get("school", "")
    if asked.isdigit():
        found: OrgUnit | None = schools_within(viewer, None, RAISE).filter(path=asked).first()
        return found
    return school_of(viewer, focus_of(request).org, RAISE)


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="canteen:alarm", permission=RAISE, icon="urgent", order=1, alarm=True
    )
)
urlpatterns = [path("alarm/", alarm, name="alarm")]
