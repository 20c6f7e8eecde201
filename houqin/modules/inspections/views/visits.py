"""Pages of visits: the list, one visit with its score explained, and the sheet that is filled in on a phone."""

import json
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.indicators.alike import alike_filter
from houqin.flows.seals.rules import digest_of
from houqin.modules.inspections import visit_forms as forms
from houqin.modules.inspections.actions.answering import answer_items
from houqin.modules.inspections.actions.signing import sign_visit
from houqin.modules.inspections.actions.visiting import begin_visit, call_off_visit, plan_visit
from houqin.modules.inspections.asked import Asked, asked_of, figure_of, result_for
from houqin.modules.inspections.candidates import BEEN
from houqin.modules.inspections.choices import campaign_of_rows
from houqin.modules.inspections.deductions import deductions_of
from houqin.modules.inspections.following import followed
from houqin.modules.inspections.models import Answer, Campaign, CampaignKind, Visit, VisitState
from houqin.modules.inspections.sheet_page import parts_of
from houqin.modules.inspections.underway import OPEN
from houqin.modules.inspections.words import points
from houqin.ui.focus import focus_of
from houqin.ui.keys import Outcome, key_of
from houqin.ui.pages import page
from houqin.ui.screens import (
    Action,
    Badge,
    Block,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Number,
    Screen,
    Serial,
    Timeline,
)
from houqin.ui.screens.acting import carry_out
from houqin.ui.screens.photos import photo_html

VIEW = "inspections.view"
TONES = {
    VisitState.PLANNED: "quiet", VisitState.DEPARTED: "info", VisitState.UNDERWAY: "soon", VisitState.SIGNED: "passed",
    VisitState.VOID: "quiet",
}  # fmt: skip


def grade_of(visit: Visit, asked: list[Asked], grade: int | None) -> str:
    """The name of a grade in the reader's language."""
    if grade is None or not asked:
        return visit.grade
    one = asked[0].grades[grade]
    return one.zh if (get_language() or "").startswith("zh") else one.en


def may_fill(visit: Visit, viewer: Viewer) -> bool:
    """Whether the viewer fills in the sheet of this visit now: of an unannounced one from departure on."""
    if visit.state not in OPEN or (visit.unannounced and visit.state == VisitState.PLANNED):
        return False
    if visit.kind == CampaignKind.SELF:
        return viewer.may("inspections.self_check", visit.org.path)
    named = {one.account_id for one in visit.inspectors.all()}
    return viewer.account_id in named if named else viewer.may("inspections.visit", visit.org.path)


def _links(row: Visit, viewer: Viewer) -> dict[str, Any] | None:
    """Where it goes on: the sheet while it is open, the papers when it is signed."""
    shown = {"fill": may_fill(row, viewer), "signed": row.state == VisitState.SIGNED}
    return shown if any(shown.values()) else None


def _result(row: Visit, viewer: Viewer) -> dict[str, Any] | None:
    """The score line by line, and every answer that is not simply in order."""
    if not row.number:
        return None
    language, asked = get_language() or "", asked_of(row, viewer.today)
    answers = list(
        row.answers.select_related("finding", "account").prefetch_related(
            "photos__file__thumbnail", "photos__file__org"
        )
    )
    by_item = {(one.checklist, one.item): one for one in answers}
    result = result_for(asked, answers)
    got = {id(line.item): line for line in result.lines}
    lines = []
    for one in asked:
        for item in one.items:
            answer = by_item.get((one.code, item.code))
            line = got.get(id(item))
            figure = (
                figure_of(item, answer.value_thousandths) if answer and answer.value_thousandths is not None else ""
            )
            photos = [photo_html(photo.file, viewer) for photo in answer.photos.all()] if answer else []
            lines.append((item, item.title(language), answer, line and points(line.got), item.weight, figure, photos))
    earned, whole = sum(line.got for line in result.lines), sum(line.weight for line in result.lines)
    return {
        "lines": lines, "score": points(result.score), "grade": grade_of(row, asked, result.grade), "red": result.red,
        "earned": points(earned), "whole": points(whole), "missing": len(result.missing), "asked": asked,
        "failed": sum(one.outcome == Answer.Outcome.FAILED for one in answers), "Outcome": Answer.Outcome,
    }  # fmt: skip


def _deductions(row: Visit, viewer: Viewer) -> dict[str, Any] | None:
    """What the scores of contracted services bring; nothing where no contract stood."""
    found = deductions_of(row, viewer)
    return {"found": found, "print_url": reverse("inspections:visits-payment", args=[row.public_id])} if found else None


def _signatures(row: Visit, viewer: Viewer) -> dict[str, Any] | None:
    signs = list(row.signatures.select_related("image__thumbnail", "image__org"))
    return {"signs": [(one, photo_html(one.image, viewer) if one.image else "") for one in signs]} if signs else None


def _story(row: Visit, viewer: Viewer) -> dict[str, Any] | None:
    """Who inspects, and the campaign for those who may know of it."""
    names = [one.account.display_name for one in row.inspectors.select_related("account")]
    campaign = Campaign.objects.visible_to(viewer).filter(pk=row.campaign_id).first() if row.campaign_id else None
    lists = [str(one) for one in asked_of(row, viewer.today)]
    return {"names": names, "campaign": campaign, "lists": lists}


def _followed(row: Visit, viewer: Viewer) -> dict[str, Any] | None:
    """What a follow-up looks at again; each opens where that is passed or sent back."""
    found = followed(row, viewer)
    return {"followed": found} if found else None


def _own(row: Visit) -> bool:
    """A school's own check, that no office asked for."""
    return row.kind == CampaignKind.SELF and row.campaign_id is None


class VisitScreen(Screen):
    """Inspections of schools: planned, under way, signed."""

    model = Visit
    slug = "visits"
    title = _("Inspection visits")
    family = Family.SAFE
    icon = "clipboard-check"
    order = 12
    sort = "-day"
    columns = [
        Serial("number", sort=True, card="fact"),
        Link("org", sort="org__path", card="title"),
        Column("kind", value=lambda row: row.get_kind_display(), sort=True, card="fact"),
        Link("office", sort="office__path", card="no"),
        Day("planned_on", sort=True, card="no"),
        Day("day", sort=True, card="fact"),
        Column("score_hundredths", value=lambda row: points(row.score_hundredths), sort=True, card="fact"),
        Column("grade", _("Verdict"), sort=True),
        Number("red_lines", sort=True, card="no"),
        Badge("state", tones=TONES),
    ]
    filters = {
        "org": "choice",
        "office": "choice",
        "campaign": campaign_of_rows,
        "kind": "choice",
        "state": "choice",
        "day": "range",
        "planned_on": "range",
        "alike": alike_filter,
    }
    search = ["number", "org__name", "remark"]
    views = {
        "open": (_("Planned and under way"), Q(state__in=OPEN)),
        "signed": (pgettext_lazy("state", "Signed"), Q(state=VisitState.SIGNED)),
        "red": (_("Red line failed"), Q(red_lines__gt=0)),
        "others": (_("Made by others"), Q(state__in=BEEN) & ~Q(kind=CampaignKind.SELF)),
        "self": (_("Self-checks"), Q(kind=CampaignKind.SELF)),
        "mine": (_("I inspect"), lambda viewer: Q(pk__in=_mine(viewer))),
    }
    panels = [
        Block("inspections/visit_links.html", _links),
        Facts([
            Link("org"), Link("office"), Column("kind", value=lambda row: row.get_kind_display()), Day("planned_on"), Instant("began_at"),
            Instant("signed_at"), "remark",
        ], sparse=True),
        Block("inspections/visit_story.html", _story),
        Block("inspections/visit_followed.html", _followed),
        Block("inspections/visit_result.html", _result),
        Block("inspections/visit_deductions.html", _deductions),
        Block("inspections/visit_signatures.html", _signatures),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=call_off_visit, name="call-off", label=_("Call the visit off"), permission="inspections.plan", icon="x", form=forms.WhyForm,
            danger=True, aside=True, shown=lambda row, viewer: row.state in OPEN and not _own(row),
        ),
        Action(
            verb=call_off_visit, name="call-off-own", label=_("Call the visit off"), permission="inspections.self_check", icon="x",
            form=forms.WhyForm, danger=True, aside=True,
            shown=lambda row, viewer: row.state in OPEN and _own(row),
        ),
    ]  # fmt: skip
    create = Action(
        verb=lambda *, by, org, **given: plan_visit(org, by=by, **given), name="plan", icon="plus", label=_("Plan a visit"),
        permission="inspections.plan", form=forms.PlanVisitForm,
        initial=lambda row, viewer: {"kind": CampaignKind.ROUTINE, "planned_on": viewer.today},
    )  # fmt: skip
    empty = _("No visit here. An office plans one, a school checks itself.")


def _mine(viewer: Viewer) -> Any:
    return Visit.objects.visible_to(viewer).filter(inspectors__account=viewer.account_id).values("pk")


@page(permission=VIEW)
def sheet(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The sheet of a visit: filled in with one thumb, without network from start to end, sent and signed at once or in parts."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    visit = Visit.objects.get_visible(viewer, VIEW, public_id=ref)
    here = reverse("inspections:visits-sheet", args=[ref])
    if request.method == "GET" and not may_fill(visit, viewer):
        return HttpResponseRedirect(VisitScreen.row_url(visit))
    asked = asked_of(visit, viewer.today, forms.versions_of(request.POST))
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.SheetForm(*posted, viewer=viewer, row=asked, initial={"inspector": viewer.name})
    if request.method == "POST":
        answer = carry_out(request, lambda: _take(visit, form, viewer), form=form)
        if answer is not None:
            return answer
    versions = {one.code: one.version for one in asked}
    grades = (
        [[one.least, one.zh if (get_language() or "").startswith("zh") else one.en] for one in asked[0].grades]
        if asked
        else []
    )
    context = {
        "title": gettext("Inspection"), "visit": visit, "form": form, "key": key_of(request), "address": here,
        "parts": parts_of(visit, asked, viewer, sent=request.POST if request.method == "POST" else None),
        "asked": asked, "followed": followed(visit, viewer), "versions": json.dumps(versions), "grades": json.dumps(grades), "now": viewer.now,
        "alone": visit.kind == CampaignKind.SELF, "joint": visit.kind == CampaignKind.JOINT,
        "partners": visit.campaign.partners if visit.campaign else "", "times": request.POST.get("times", ""), "began": request.POST.get("began", ""),
        "guides": [(str(one), one.checklist.guide_zh if (get_language() or "").startswith("zh") else one.checklist.guide_en) for one in asked],
    }  # fmt: skip
    return render(request, "inspections/sheet.html", context, status=422 if request.method == "POST" else 200)


def _take(visit: Visit, form: forms.SheetForm, viewer: Viewer) -> Outcome:
    """Begin it where that is still to do, write down what was seen, and sign where that was pressed."""
    sent = form.sent
    row = visit if visit.number else begin_visit(visit, by=viewer, at=sent.began, versions=sent.versions)
    made = answer_items(row, by=viewer, answers=sent.answers)
    if not sent.signs_now:
        return VisitScreen.row_url(row), gettext("%(count)d answers sent; the visit goes on.") % {"count": len(made)}
    done = sign_visit(row, by=viewer, signs=sent.signs, remark=sent.remark)
    failed = done.answers.filter(outcome=Answer.Outcome.FAILED).count()
    words = {"number": done.number, "score": points(done.score_hundredths), "failed": failed}
    return VisitScreen.row_url(done), gettext(
        "%(number)s is signed and sealed: %(score)s points, %(failed)d findings."
    ) % words


@page(permission="inspections.self_check")
def self_check(request: HttpRequest) -> HttpResponse:
    """A school looks at itself: choose by what, and the sheet opens."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    chosen = {"lists": request.GET.getlist("list"), "org": focus_of(request).org}
    posted = request.POST if request.method == "POST" else None
    form = forms.SelfCheckForm(posted, viewer=viewer, initial={name: one for name, one in chosen.items() if one})

    def run() -> Outcome:
        given = form.arguments()
        row = plan_visit(
            given["org"],
            by=viewer,
            office=given["org"],
            kind=CampaignKind.SELF,
            lists=given["lists"],
            planned_on=viewer.today,
        )
        return reverse("inspections:visits-sheet", args=[row.public_id]), ""

    if request.method == "POST":
        answer = carry_out(request, run, form=form)
        if answer is not None:
            return answer
    context = {"title": gettext("Self-check"), "form": form, "key": key_of(request)}
    return render(request, "inspections/self_check.html", context, status=422 if request.method == "POST" else 200)


def _paper(request: HttpRequest, ref: UUID) -> tuple[Visit, Viewer]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return Visit.objects.get_visible(viewer, VIEW, public_id=ref, state=VisitState.SIGNED), viewer


@page(permission=VIEW)
def record_sheet(request: HttpRequest, ref: UUID) -> HttpResponse:
    """检查记录 on A4, as both sides signed it."""
    visit, viewer = _paper(request, ref)
    asked = asked_of(visit, viewer.today)
    title = next((one.checklist.record_zh for one in asked if one.checklist.record_zh), "") or gettext(
        "Inspection record"
    )
    context = {"title": title, "visit": visit, "result": _result(visit, viewer), "seal": _sealed(visit)} | _people(
        visit, viewer
    )
    return render(request, "inspections/record_print.html", context)


@page(permission=VIEW)
def notice(request: HttpRequest, ref: UUID) -> HttpResponse:
    """整改通知书 on A4: what is to be put right, until when, how. An education office asks; to order (责令) is a regulator's."""
    visit, viewer = _paper(request, ref)
    answers = (
        visit.answers.filter(finding__isnull=False)
        .select_related("finding__check_org")
        .order_by("-finding__severity", "pk")
    )
    findings = [one.finding for one in answers]
    context = {"title": gettext("Notice of rectification"), "visit": visit, "findings": findings} | _people(
        visit, viewer
    )
    return render(request, "inspections/notice_print.html", context)


def _people(visit: Visit, viewer: Viewer) -> dict[str, Any]:
    signs = list(visit.signatures.select_related("image__org"))
    shown = [
        (
            one,
            reverse("ui:file", args=[one.image.public_id])
            if one.image and viewer.may(one.image.permission, one.image.org.path)
            else "",
        )
        for one in signs
    ]
    return {"signs": shown, "story": _story(visit, viewer)}


def _sealed(visit: Visit) -> str:
    return digest_of(visit.content).hex()


urlpatterns = [
    path("self-check/", self_check, name="self-check"),
    path("visits/<uuid:ref>/sheet/", sheet, name="visits-sheet"),
    path("visits/<uuid:ref>/record/", record_sheet, name="visits-record"),
    path("visits/<uuid:ref>/notice/", notice, name="visits-notice"),
    *VisitScreen.urls(),
]
