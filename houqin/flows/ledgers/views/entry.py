"""Writing a ledger on the phone: one page for what is due now, one thumb, also without network."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.places.marks import instead_of, marks_at
from houqin.core.places.models import Place
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.words import slot_of
from houqin.flows.ledgers import doing, telling
from houqin.flows.ledgers.actions.entering import amend_entry, record_entry
from houqin.flows.ledgers.definitions import resolved
from houqin.flows.ledgers.forms.sheet import Sheet, amended_sheet, sheet_for
from houqin.flows.ledgers.forms.writing import WriteForm
from houqin.flows.ledgers.models import LedgerEntry
from houqin.lib.dates import day_or
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.keys import Outcome, key_of
from houqin.ui.pages import page
from houqin.ui.screens import Look
from houqin.ui.screens.acting import carry_out
from houqin.ui.screens.links import page_of

RECORD = doing.RECORD
MOST_SCHOOLS = 200


def _place(request: HttpRequest, viewer: Viewer) -> Place | None:
    """The place whose label was scanned; a place of another school does not exist here."""
    code = request.GET.get("place", "")
    if not code:
        return None
    found = doing.place_of(viewer, code)
    if found is None:
        raise NotVisible(_("This label belongs to no place of your school. Scan the label of the right place."))
    return found


def _org(request: HttpRequest, viewer: Viewer, place: Place | None) -> OrgUnit | None:
    """The unit that the address names, else the place's, else the one looked at; None where one has to choose."""
    named = request.GET.get("org", "")
    if place is not None and named in ("", place.org.path):
        return place.org
    org = doing.unit_of(viewer, named, focus_of(request).org)
    if named and (org is None or place is not None):
        raise NotVisible(_("This ledger belongs to a school outside your reach."))
    return org


@page(permission=RECORD)
def write(request: HttpRequest, code: str) -> HttpResponse:
    """One entry of a ledger: what is usual stands there, what is measured is typed, one button saves it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    place = _place(request, viewer)
    org = _org(request, viewer, place)
    if org is None:
        return choose_school(request, _("Choose a school"), RECORD)
    day, slot = day_or(request.GET.get("day", ""), viewer.today), request.GET.get("slot", "")[:20]
    ledger = resolved(code, org, day)
    if ledger.ledger.fed_by:
        return HttpResponseRedirect(reverse(ledger.ledger.fed_by))
    slots = doing.slots_of(org, code, day)
    if not slot and slots:
        slot = doing.slot_now(slots)
    sheet = sheet_for(ledger, org, viewer, day=day, slot=slot, place=place)
    here = doing.address(
        code, org, day=day if request.GET.get("day") else None, slot=request.GET.get("slot", ""), place=request.GET.get("place", "")
    )  # fmt: skip
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = WriteForm(*posted, viewer=viewer, row=sheet)
    if request.method == "POST":
        answer = carry_out(request, lambda: _record(request, sheet, form, here), form=form)
        if answer is not None:
            return answer
    after = here if place is not None else doing.page_of(org, code, day, slot, here=here)
    context = _shown(request, sheet, form) | {
        "address": here, "next": telling.next_words(doing.following(viewer, after=after)),
        "slots": [telling.Slot(one, is_open, doing.address(code, org, day=day, slot=one)) for one, is_open in slots],
    }  # fmt: skip
    return render(request, "ledgers/write.html", context, status=422 if request.method == "POST" else 200)


def _record(request: HttpRequest, sheet: Sheet, form: WriteForm, here: str) -> Outcome:
    """Write it down, tell what was written, and go where the button says."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    common: dict[str, Any] = {"by": viewer, "ledger": sheet.resolved.code, "slot": sheet.slot, "day": sheet.day}
    given = form.arguments()
    if sheet.spread and not given["nothing_to_report"]:
        entries = _spread(sheet, form, given, common)
    else:
        entries = [record_entry(sheet.org, about=sheet.about_subject, **common, **given)]
    told = telling.told(sheet, form, entries)
    waits = doing.following(viewer, after=here)
    if waits is not None and request.POST.get("then") == "next":
        return doing.address_of(waits), told
    odd = next((entry for entry in entries if entry.breaches), None)
    return telling.page_of(odd) if odd else reverse("ui:home"), told


def _spread(sheet: Sheet, form: WriteForm, given: dict[str, Any], common: dict[str, Any]) -> list[LedgerEntry]:
    """An entry for each of the places; a photo belongs to those that are not in order, else to all."""
    told = form.told_lines()
    subjects = doing.subjects_of(sheet.org, [said["line"]["id"] for said, _codes in told])
    shared = {name: given[name] for name in ("late_because", "from_paper", "second")}
    odd = form.odd_places()
    entries = []
    for said, codes in told:
        place = said.pop("line")["id"]
        photos = given["photos"] if place in odd or not odd else []
        made = record_entry(
            sheet.org, about=subjects[place], values=given["values"] | said, confirmed=codes, photos=photos, **common, **shared
        )  # fmt: skip
        entries.append(made)
    return entries


def _shown(request: HttpRequest, sheet: Sheet, form: WriteForm) -> dict[str, Any]:
    """What the page of a form shows."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    ledger = sheet.resolved.ledger
    return {
        "title": sheet.title, "sheet": sheet, "form": form, "ledger": ledger, "key": key_of(request),
        "blank": form.blank() if sheet.is_free else None, "now": viewer.now, "slot": slot_of(sheet.slot) if sheet.slot else "",
        "asked": telling.asked_words(sheet.resolved), "guide": telling.guide(ledger), "why_photo": telling.why_photo(ledger),
        "nobody": telling.nobody(sheet) if sheet.has_lines and not sheet.is_free and not form.rows else "",
    }  # fmt: skip


@page(permission=RECORD)
def at_place(request: HttpRequest, label: str) -> HttpResponse:
    """What is due at the place whose label was scanned, when that is more than one thing; nothing: what may be written anyway."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    place = doing.place_of(viewer, label)
    if place is None:
        raise NotVisible(_("This label belongs to no place of your school. Scan the label of the right place."))
    choices = telling.choices(doing.at(place, viewer), place)
    if len(choices) == 1:
        return HttpResponseRedirect(choices[0].url)
    marks = marks_at([place.public_id], viewer.today).get(str(place.public_id), [])
    instead = instead_of(place, viewer.today) if marks else ""
    context = {
        "title": place.name, "place": place, "choices": choices, "marks": marks, "instead": instead,
        "anyway": [] if choices else telling.anyway(place, viewer), "page": page_of(place, Look(viewer)),
    }  # fmt: skip
    return render(request, "ledgers/at_place.html", context)


@page(permission=RECORD)
def amend(request: HttpRequest, ref: UUID) -> HttpResponse:
    """An entry corrected by a further one: the same form with what was written, and why."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    entry = LedgerEntry.objects.get_visible(viewer, RECORD, public_id=ref)
    sheet = amended_sheet(entry, resolved(entry.ledger, entry.org, entry.day), viewer)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = WriteForm(*posted, viewer=viewer, row=sheet)

    def run() -> Outcome:
        made = amend_entry(entry, by=viewer, **form.arguments())
        return telling.page_of(made), telling.told(sheet, form, [made])

    if request.method == "POST":
        answer = carry_out(request, run, form=form)
        if answer is not None:
            return answer
    title = gettext("Correct: %(ledger)s") % {"ledger": sheet.title}
    context = _shown(request, sheet, form) | {"title": title, "address": request.path, "entry": entry}
    return render(request, "ledgers/write.html", context, status=422 if request.method == "POST" else 200)


urlpatterns = [
    path("at/<str:label>/", at_place, name="at-place"),
    path("entries/<uuid:ref>/correct/", amend, name="amend"),
    path("<slug:code>/write/", write, name="write"),
]
