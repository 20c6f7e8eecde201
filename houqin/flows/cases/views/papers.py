"""Papers of a case on A4: the letter of transfer, the notice of what is proposed, the decision."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record
from houqin.core.people.posts import post_kinds
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Accountability, Case, Measure, Transfer
from houqin.ui.pages import page

PRINTED = "ui.personal_data_shown"


@page(permission="cases.view")
def letter(request: HttpRequest, ref: Any) -> HttpResponse:
    """移送函."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = _seen(viewer, ref)
    transfer = Transfer.objects.visible_to(viewer).filter(case=case).first()
    if transfer is None:
        raise NotVisible
    return render(request, "cases/letter.html", {"case": case, "transfer": transfer, "title": _("Letter of transfer")})


@page(permission="cases.view")
def notice(request: HttpRequest, ref: Any) -> HttpResponse:
    """拟处理告知书, once something is proposed."""
    case, account = _account(request, ref)
    if account.proposed_at is None:
        raise NotVisible
    return _on_paper(request, "cases/notice.html", _("Notice of what is proposed"), case, account, account.proposed)


@page(permission="cases.view")
def decision(request: HttpRequest, ref: Any) -> HttpResponse:
    """处理决定书, once it is decided."""
    case, account = _account(request, ref)
    if account.decided_at is None:
        raise NotVisible
    return _on_paper(request, "cases/decision.html", _("Decision on accountability"), case, account, account.decided)


def _seen(viewer: Viewer, ref: Any) -> Case:
    found: Case = Case.objects.get_visible(viewer, public_id=ref)
    return found


def _account(request: HttpRequest, ref: Any) -> tuple[Case, Accountability]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = _seen(viewer, ref)
    account = Accountability.objects.visible_to(viewer).filter(case=case).first()
    if account is None:
        raise NotVisible
    return case, account


def _on_paper(
    request: HttpRequest, template: str, title: Any, case: Case, account: Accountability, measures: list[str]
) -> HttpResponse:
    """A paper with a person's full name; that it was opened is on record."""
    words = dict(Measure.choices)
    post = post_kinds(case.day).get(account.post, account.post)
    record(PRINTED, case, by=request.viewer, org=case.trail_org, screen="cases", columns=["person"], count=1)  # type: ignore[attr-defined]
    context = {
        "case": case,
        "account": account,
        "title": title,
        "post": str(post),
        "measures": [words[one] for one in measures],
    }
    return render(request, template, context)


urlpatterns = [
    path("cases/<uuid:ref>/letter/", letter, name="cases-letter"),
    path("cases/<uuid:ref>/notice/", notice, name="cases-notice"),
    path("cases/<uuid:ref>/decision/", decision, name="cases-decision"),
]
