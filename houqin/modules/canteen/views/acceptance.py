"""进货查验: choose the supplier, weigh line by line, done."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.acceptance import accept_delivery
from houqin.modules.canteen.forms.acceptance import Arrival, DeliveryForm
from houqin.modules.canteen.queries import arrivals, labels
from houqin.modules.canteen.queries.certificates import PaperKinds, valid_papers
from houqin.modules.canteen.rules.acceptance import SLIP
from houqin.ui import formats, nav
from houqin.ui.focus import focus_of
from houqin.ui.keys import key_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.acting import carry_out

RECORD = "canteen.record"


def _schools(request: HttpRequest) -> list[OrgUnit]:
    """The school meant: the one asked for, the one looked at, else all that the viewer may choose from."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = arrivals.schools_of(viewer)
    asked = request.GET.get("school", "")
    found = list(rows.filter(path=asked)) if asked.isdigit() else []
    return found or list(rows.filter(focus_of(request).narrow("path"))[:CHOICE])


CHOICE = 60


@page(permission=RECORD)
def choose(request: HttpRequest) -> HttpResponse:
    """Who stands at the door: those who usually come as big buttons, others by name."""
    schools = _schools(request)
    title = _("Accept a delivery")
    if len(schools) != 1:
        return render(request, "canteen/accept_school.html", {"title": title, "schools": schools})
    org = schools[0]
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    text = request.GET.get("q", "").strip()[:60]
    usual = arrivals.usual_suppliers(org, viewer.today)
    named = arrivals.suppliers_in_sight(org)
    others = [
        one for one in (named.filter(name__icontains=text) if text else named)[:CHOICE] if text or one not in usual
    ]
    context = {
        "title": title, "org": org, "usual": usual, "others": others, "text": text,
        "new_supplier": viewer.may("parties.change", org.path),
    }  # fmt: skip
    return render(request, "canteen/accept_supplier.html", context)


@page(permission=RECORD)
def accept(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One delivery of one supplier."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    given = Party.objects.get_visible(viewer, public_id=ref)
    schools = _schools(request)
    if len(schools) != 1:
        address = reverse("canteen:suppliers-accept", args=[ref])
        context = {"title": given.name, "schools": schools, "address": address}
        return render(request, "canteen/accept_school.html", context)
    org = schools[0]
    supplier = arrivals.suppliers_in_sight(org).filter(pk=given.canonical_id).first()
    if supplier is None:
        raise NotVisible
    arrival = Arrival(
        org, supplier, viewer.today, arrivals.expected_from(org, supplier, viewer.today), PaperKinds(viewer.today),
        valid_papers(org, supplier, viewer.today),
    )  # fmt: skip
    form = DeliveryForm(
        request.POST if request.method == "POST" else None, request.FILES or None, viewer=viewer, row=arrival
    )
    if request.method == "POST":
        answer = carry_out(request, lambda: _record(request, arrival, form), form=form)
        if answer is not None:
            return answer
    context = {
        "title": supplier.name, "arrival": arrival, "form": form, "key": key_of(request), "slip": SLIP,
        "address": f"{reverse('canteen:suppliers-accept', args=[supplier.public_id])}?school={org.path}",
    }  # fmt: skip
    return render(request, "canteen/accept.html", context, status=422 if request.method == "POST" else 200)


def _record(request: HttpRequest, arrival: Arrival, form: DeliveryForm) -> tuple[str, str]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    given = form.arguments()
    made = accept_delivery(arrival.org, by=viewer, supplier=arrival.supplier, idempotency=key_of(request), **given)
    return reverse("canteen:deliveries-detail", args=[made.public_id]), _told(given)


def _told(given: dict[str, Any]) -> str:
    """What was done, as a school says it."""
    lines, away = given["lines"], given["turned_away"]
    if not lines:
        return gettext("Turned away and recorded. Now the second person signs.")
    words = ngettext(
        "%(count)s line accepted, %(weight)s in all.", "%(count)s lines accepted, %(weight)s in all.", len(lines)
    ) % {"count": len(lines), "weight": formats.weight(sum(line.grams for line in lines))}
    if away:
        words += " " + gettext("%(weight)s turned away.") % {"weight": formats.weight(sum(one.grams for one in away))}
    return f"{words} {gettext('Now the second person signs.')}"


@page(permission=RECORD)
def read_code(request: HttpRequest) -> JsonResponse:
    """What a barcode or a supplier's QR code says, for the line that it fills."""
    schools = _schools(request)
    if len(schools) != 1:
        return JsonResponse({"message": gettext("Choose the school first.")})
    return JsonResponse(labels.said_by(schools[0], request.GET.get("code", "").strip()))


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=_("Accept a delivery"), url_name="canteen:accept", permission=RECORD, icon="scale", order=8,
        phone=True,
    )
)  # fmt: skip
urlpatterns = [
    path("accept/", choose, name="accept"),
    path("accept/code/", read_code, name="accept-code"),
    path("suppliers/<uuid:ref>/accept/", accept, name="suppliers-accept"),
]
