"""进货查验: choose the supplier, weigh line by line, done."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import school_of, schools_within
from houqin.core.parties.models import Party
from houqin.core.people.models import Account
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.acceptance import accept_delivery
from houqin.modules.canteen.actions.signing import sign_by_pin
from houqin.modules.canteen.forms.acceptance import Arrival, DeliveryForm
from houqin.modules.canteen.queries import arrivals, labels
from houqin.modules.canteen.queries.certificates import PaperKinds, valid_papers
from houqin.modules.canteen.rules.acceptance import SLIP
from houqin.ui import formats, nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.keys import key_of
from houqin.ui.nav import Family
from houqin.ui.offline import kept_pages
from houqin.ui.pages import page
from houqin.ui.screens.acting import carry_out

RECORD = "canteen.record"
TITLE = _("Accept a delivery")


MOST = 60


def _school(request: HttpRequest) -> OrgUnit | None:
    """The school whose door it is: the one that the address names, else the one looked at; None where one has to choose.

    A form that waited on a phone names its school itself: what is looked at may have changed since.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    named = request.GET.get("school", "")
    if not named:
        return school_of(viewer, focus_of(request).org, RECORD)
    found: OrgUnit | None = schools_within(viewer, None, RECORD).filter(path=named).first()
    if found is None:
        raise NotVisible
    return found


@page(permission=RECORD)
def choose(request: HttpRequest) -> HttpResponse:
    """Who stands at the door: those who usually come as big buttons, others by name."""
    org = _school(request)
    if org is None:
        return choose_school(request, TITLE, RECORD)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    text = request.GET.get("q", "").strip()[:60]
    usual = arrivals.usual_suppliers(org, viewer.today)
    named = arrivals.suppliers_in_sight(org)
    others = [one for one in (named.filter(name__icontains=text) if text else named)[:MOST] if text or one not in usual]
    context = {
        "title": TITLE, "org": org, "usual": usual, "others": others, "text": text,
        "new_supplier": viewer.may("parties.change", org.path),
    }  # fmt: skip
    return render(request, "canteen/accept_supplier.html", context)


@page(permission=RECORD)
def accept(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One delivery of one supplier."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    given = Party.objects.get_visible(viewer, public_id=ref)
    org = _school(request)
    if org is None:
        return choose_school(request, given.name, RECORD)
    supplier = arrivals.suppliers_in_sight(org).filter(pk=given.canonical_id).first()
    if supplier is None:
        raise NotVisible
    expected = arrivals.expected_from(org, supplier, viewer.today, arrivals.needed_grams(org, viewer))
    kinds = PaperKinds(viewer.today)
    valid = valid_papers(kinds, org, supplier, viewer.today)
    arrival = Arrival(org, supplier, viewer.today, expected, kinds, valid)
    form = DeliveryForm(
        request.POST if request.method == "POST" else None, request.FILES or None, viewer=viewer, row=arrival
    )
    if request.method == "POST":
        answer = carry_out(request, lambda: _record(request, arrival, form), form=form)
        if answer is not None:
            return answer
    context = {
        "title": supplier.name, "arrival": arrival, "form": form, "key": key_of(request), "slip": SLIP,
        "address": page_of(supplier, org),
    }  # fmt: skip
    return render(request, "canteen/accept.html", context, status=422 if request.method == "POST" else 200)


def _record(request: HttpRequest, arrival: Arrival, form: DeliveryForm) -> tuple[str, str]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    given = form.arguments()
    made = accept_delivery(arrival.org, by=viewer, supplier=arrival.supplier, idempotency=key_of(request), **given)
    signer = form.cleaned_data["signer"]
    if signer:
        sign_by_pin(made, by=viewer, signer=signer, pin=form.cleaned_data["pin"])
    return reverse("canteen:deliveries-detail", args=[made.public_id]), _told(given, signer)


def _told(given: dict[str, Any], signer: Account | None) -> str:
    """What was done, as a school says it."""
    lines, away = given["lines"], given["turned_away"]
    signed = gettext("%(name)s has signed.") % {"name": signer} if signer else gettext("Now the second person signs.")
    if not lines:
        return gettext("Turned away and recorded.") + f" {signed}"
    words = ngettext(
        "%(count)s line accepted, %(weight)s in all.", "%(count)s lines accepted, %(weight)s in all.", len(lines)
    ) % {"count": len(lines), "weight": formats.weight(sum(line.grams for line in lines))}
    if away:
        words += " " + gettext("%(weight)s turned away.") % {"weight": formats.weight(sum(one.grams for one in away))}
    return f"{words} {signed}"


@kept_pages
def at_the_door(viewer: Viewer) -> Iterator[str]:
    """The pages that a keeper needs at the door, also without network."""
    org = school_of(viewer, None, RECORD) if viewer.may_anywhere("canteen.sign") else None
    if org is None:
        return
    yield reverse("canteen:accept")
    for supplier in arrivals.usual_suppliers(org, viewer.today):
        yield page_of(supplier, org)


def page_of(supplier: Party, org: OrgUnit) -> str:
    """The page on which a supplier's delivery is accepted at a school."""
    return f"{reverse('canteen:accept-delivery', args=[supplier.public_id])}?school={org.path}"


@page(permission=RECORD)
def read_code(request: HttpRequest) -> JsonResponse:
    """What a barcode or a supplier's QR code says, for the line that it fills."""
    org = _school(request)
    if org is None:
        return JsonResponse({"message": gettext("Choose the school first.")})
    return JsonResponse(labels.said_by(org, request.GET.get("code", "").strip()))


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="canteen:accept", permission=RECORD, icon="scale", order=8,
        phone=True,
    )
)  # fmt: skip
urlpatterns = [
    path("accept/", choose, name="accept"),
    path("accept/code/", read_code, name="accept-code"),
    path("accept/<uuid:ref>/", accept, name="accept-delivery"),
]
