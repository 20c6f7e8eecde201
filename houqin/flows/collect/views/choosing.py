"""Choosing the schools, and the last look before a notice goes out: what it costs, what was asked before."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.actions import choose_schools, send_notice
from houqin.flows.collect.actions.sending import due_on
from houqin.flows.collect.models import Collection
from houqin.flows.collect.queries import schools as found
from houqin.flows.collect.queries.costs import costs_of
from houqin.flows.collect.queries.earlier import asked_before
from houqin.flows.collect.sending_form import SendForm
from houqin.ui.keys import Outcome, key_of
from houqin.ui.pages import page
from houqin.ui.screens.acting import carry_out

SEND = "collect.send"


def _draft(request: HttpRequest, ref: UUID) -> tuple[Collection, Viewer]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row: Collection = (
        Collection.objects.visible_to(viewer, SEND).select_related("org").get_visible(viewer, SEND, public_id=ref)
    )
    if not row.is_draft:
        raise Refused(_("This notice is out to schools and stays as they have it. Close it and send a corrected copy."))
    return row, viewer


def _wanted(request: HttpRequest) -> found.Wanted:
    asked = request.GET
    return found.Wanted(
        under=asked.get("in", ""), kinds=[kind for kind in asked.getlist("kind") if kind in found.ASKED_KINDS],
        school_type=asked.get("type", ""), with_canteen=bool(asked.get("canteen")), with_boarders=bool(asked.get("boarders")),
    )  # fmt: skip


def _refs(values: list[str]) -> list[UUID]:
    try:
        return [UUID(value) for value in values]
    except ValueError:
        raise Refused(_("Choose the schools from the list.")) from None


@page(permission=SEND)
def schools(request: HttpRequest, ref: UUID) -> HttpResponse:
    """All that fit are ticked; whoever is not meant is unticked."""
    row, viewer = _draft(request, ref)
    if request.method == "POST":

        def run() -> Outcome:
            made = choose_schools(row, by=viewer, schools=_refs(request.POST.getlist("school")))
            count = made.chosen.count()
            words = ngettext("%(count)s school chosen.", "%(count)s schools chosen.", count) % {"count": count}
            return reverse("collect:tables-send", args=[row.public_id]), words

        return carry_out(request, run) or HttpResponse(status=409)
    narrowed = bool(request.GET)
    chosen = set(row.chosen.values_list("pk", flat=True))
    fitting = list(found.fitting(row, _wanted(request), viewer)[: found.MOST_SHOWN])
    context: dict[str, Any] = {
        "title": _("Choose schools"), "row": row, "schools": fitting, "units": found.units_of(row),
        "types": found.types_of(row), "kinds": list(found.ASKED_KINDS),
        "ticked": {school.pk for school in fitting} if narrowed or not chosen else chosen, "asked": request.GET,
        "asked_kinds": request.GET.getlist("kind"), "key": key_of(request),
    }  # fmt: skip
    return render(request, "collect/schools.html", context)


@page(permission=SEND)
def send(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The cost in the time of schools, what is asked twice, and the one button."""
    row, viewer = _draft(request, ref)
    before = asked_before(row, viewer)
    initial = {"again_because": row.copied_from.again_because if row.copied_from else ""}
    form = SendForm(request.POST if request.method == "POST" else None, viewer=viewer, row=before, initial=initial)
    if request.method == "POST":

        def run() -> Outcome:
            sent = send_notice(row, by=viewer, **form.arguments())
            words = _("Sent to %(count)s schools, due %(day)s.") % {"count": sent.returns.count(), "day": sent.due_on}
            return reverse("collect:tables-detail", args=[sent.public_id]), str(words)

        answer = carry_out(request, run, form=form)
        if answer is not None:
            return answer
    context = {
        "title": _("Look through and send"), "row": row, "columns": row.columns.all(), "before": before, "form": form,
        "costs": costs_of(row, viewer), "due": due_on(row, viewer.today), "key": key_of(request),
        "first": row.chosen.order_by("path")[:12],
    }  # fmt: skip
    return render(request, "collect/send.html", context, status=422 if request.method == "POST" else 200)


urlpatterns = [
    path("tables/<uuid:ref>/schools/", schools, name="tables-schools"),
    path("tables/<uuid:ref>/send/", send, name="tables-send"),
]
