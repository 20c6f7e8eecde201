"""The page at the door of a toilet: one tap says what is wrong or how it is. Nobody signs in, nothing of the visitor is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.schools import school_of
from houqin.core.places.models import Place
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.modules.environment.actions.toilets import TOILET, hear
from houqin.modules.environment.limits import is_crowded, is_first
from houqin.modules.environment.models import HOW_IT_IS, WRONG, Saying
from houqin.modules.environment.queries.doors import toilet_with
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.labels import qr_svg
from houqin.ui.pages import page

ICONS = {
    Saying.NO_PAPER: "toilet-paper", Saying.BLOCKED: "ban", Saying.SMELL: "cloud-fog", Saying.BROKEN: "tool",
    Saying.GOOD: "mood-smile", Saying.FAIR: "mood-neutral", Saying.BAD: "mood-sad",
}  # fmt: skip
POSTERS = _("QR codes at the doors of toilets")


@page(public=True)
def door(request: HttpRequest, code: str) -> HttpResponse:
    """What is wrong, how it is: seven buttons; a word of thanks after one of them."""
    place = toilet_with(code)
    if place is None:
        raise NotVisible(_("No toilet carries this code."))
    told, status = "", 200
    if request.method == "POST":
        told, status = _heard(request, place)
    context = {
        "title": place.name, "place": place, "told": told, "failed": status != 200,
        "wrong": [(one.value, one.label, ICONS[one]) for one in WRONG],
        "how": [(one.value, one.label, ICONS[one]) for one in HOW_IT_IS],
    }  # fmt: skip
    return render(request, "environment/door.html", context, status=status)


def _heard(request: HttpRequest, place: Place) -> tuple[str, int]:
    saying = request.POST.get("saying", "")
    if saying not in Saying.values:
        return gettext("Tap one of the buttons."), 422
    if is_crowded(place):
        return gettext(
            "A great many people said something here within the hour. Try again later, or tell a teacher."
        ), 429
    if is_first(request, place, saying if saying in WRONG else "how"):
        try:
            hear(place, by=system_viewer(), saying=saying)
        except Refused as refusal:
            return str(refusal.message), 409
    if saying in WRONG:
        return gettext("Thank you. Whoever looks after this toilet has been told."), 200
    return gettext("Thank you."), 200


@page(permission="environment.view")
def doors(request: HttpRequest) -> HttpResponse:
    """A code for the door of each toilet of a school, ready to print."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = school_of(viewer, focus_of(request).org, "environment.view")
    if org is None:
        return choose_school(request, POSTERS, "environment.view")
    rows = Place.objects.visible_to(viewer).in_use().filter(org=org, use=TOILET).order_by("name")
    posters = [
        (row.name, qr_svg(request.build_absolute_uri(reverse("environment:door", args=[row.label_code]))),
         reverse("environment:door", args=[row.label_code]))
        for row in rows
    ]  # fmt: skip
    context = {"title": POSTERS, "org": org, "posters": posters, "chain": focus_of(request).chain}
    return render(request, "environment/doors.html", context)


urlpatterns = [path("door/<str:code>/", door, name="door"), path("doors/", doors, name="doors")]
