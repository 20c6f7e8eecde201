"""Where a finding leads: to another department, or to the question who answers for it."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.actions.accounting import HOLDS, open_accountability
from houqin.flows.cases.actions.transferring import OPENS, open_transfer
from houqin.flows.cases.drafting import letter_of, papers_of
from houqin.flows.cases.forms import AccountForm, LetterForm
from houqin.flows.cases.models import AccountCause, Case
from houqin.flows.rectify.models import Finding, FindingState
from houqin.ui.screens import Action, Badge, Column, Day, Rows
from houqin.ui.screens.further import offer


def case_address(case: Case) -> str:
    """The page of a case."""
    return reverse("cases:cases-detail", args=[case.public_id])


def _letter(row: Finding, viewer: Viewer) -> dict[str, Any]:
    return {"title": row.title, "text": letter_of(row), "papers": "\n".join(papers_of(row))}


def _account(row: Finding, viewer: Viewer) -> dict[str, Any]:
    late = row.is_open and row.due_on is not None and row.due_on < viewer.today
    cause = AccountCause.OVERDUE if late else AccountCause.FINDING
    return {"person": row.person, "post": row.post, "cause": cause, "title": row.title}


def _stands(row: Finding, viewer: Viewer) -> bool:
    return row.state != FindingState.VOID


def _cases(row: Finding, viewer: Viewer) -> QuerySet[Any]:
    found: QuerySet[Any] = Case.objects.visible_to(viewer).filter(finding=row)
    return found


offer(
    Finding,
    actions=[
        Action(
            verb=lambda row, *, by, **given: open_transfer(row.org, by=by, finding=row, **given),
            name="transfer", label=_("Hand over to another department"), permission=OPENS, icon="share",
            form=LetterForm, initial=_letter, shown=_stands, aside=True, then=case_address,
        ),
        Action(
            verb=lambda row, *, by, **given: open_accountability(row.org, by=by, finding=row, **given),
            name="account", label=_("Open accountability"), permission=HOLDS, icon="gavel",
            form=AccountForm, initial=_account, shown=_stands, aside=True, then=case_address,
        ),
    ],
    panels=[
        Rows(
            _cases,
            [Column("number"), Column("kind_title", _("Kind")), Day("day"), Badge("state")],
            title=_("Cases from this finding"), keep_empty=False,
        )
    ],
)  # fmt: skip
