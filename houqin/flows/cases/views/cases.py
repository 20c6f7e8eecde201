"""The list of cases, the page of one, and its steps."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled
from houqin.core.people.posts import post_kinds
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases import forms
from houqin.flows.cases.actions import accounting, leading, transferring, working
from houqin.flows.cases.actions.working import leads, works_on
from houqin.flows.cases.further import case_address
from houqin.flows.cases.kinds import manner_of
from houqin.flows.cases.models import Accountability, Case, CaseState, EntryFile, Heard, Measure, Step, Transfer
from houqin.flows.cases.queries import next_due
from houqin.ui.screens import (
    Action,
    Badge,
    Block,
    Column,
    Facts,
    Family,
    Instant,
    Link,
    Panel,
    Rows,
    Screen,
    Serial,
    Timeline,
    mask_name,
)
from houqin.ui.screens.photos import photo_html

LOOKED = "cases.looked"
titled({LOOKED: _("Restricted case looked at")})
PERSON = Column("person", mask=mask_name, unmask="cases.lead", card="no")


def _state(row: Case) -> str:
    """How it stands; a drill says so."""
    return f"{_('Drill')} · {row.get_state_display()}" if row.drill else str(row.get_state_display())


STATE = Badge("state", value=_state, tone=lambda row: "drill" if row.drill else "soon" if row.is_open else "quiet")


def _is(kind: str, code: str) -> Any:
    """The step of this kind is the next to be done by its own deed, by somebody who works on the case."""

    def shown(row: Case, viewer: Viewer) -> bool:
        if row.kind != kind or not row.is_open or not works_on(row, viewer):
            return False
        first = row.steps.filter(done_at__isnull=True).first()
        return first is not None and first.code == code

    return shown


def _decides(row: Case, viewer: Viewer) -> bool:
    if row.kind != accounting.KIND or not row.is_open or not viewer.may(accounting.HOLDS, row.lead.path):
        return False
    account = row.accountability
    return account.heard_at is not None and account.decided_at is None and account.investigator_id != viewer.account_id


def _proposes_anew(row: Case, viewer: Viewer) -> bool:
    if row.kind != accounting.KIND or not row.is_open or not works_on(row, viewer):
        return False
    return row.accountability.proposed_at is not None and row.accountability.decided_at is None


def _leads(row: Case, viewer: Viewer) -> bool:
    return row.is_open and leads(row, viewer)


def _closes_here(row: Case, viewer: Viewer) -> bool:
    """A kind with a page of its own is closed there."""
    return _leads(row, viewer) and manner_of(row.kind).page is None


def _steps(row: Case, viewer: Viewer) -> dict[str, Any] | None:
    steps = list(row.steps.select_related("done_by", "photo__thumbnail", "photo__org"))
    posts, hands = post_kinds(row.day), row.is_open and works_on(row, viewer)
    waiting = {one.code for one in steps if one.done_at is None}
    shown = [
        (
            one,
            str(posts.get(one.post, one.post)),
            photo_html(one.photo, viewer),
            hands and not (one.done_at or one.by_deed or one.after in waiting),
        )
        for one in steps
    ]
    return {"steps": shown, "now": viewer.now} if shown else None


def _log(row: Case, viewer: Viewer) -> dict[str, Any] | None:
    files = Prefetch("files", EntryFile.objects.visible_to(viewer).select_related("file__thumbnail", "file__org"))
    entries = row.entries.select_related("account", "step").prefetch_related(files)
    shown = [(one, [photo_html(kept.file, viewer) for kept in one.files.all()]) for one in entries]
    return {"entries": shown} if shown else None


def _transfer(row: Case, viewer: Viewer) -> dict[str, Any] | None:
    found = Transfer.objects.visible_to(viewer).select_related("sent_by").filter(case=row).first()
    return {"transfer": found} if found else None


def _account(row: Case, viewer: Viewer) -> dict[str, Any] | None:
    found = Accountability.objects.visible_to(viewer).select_related("investigator", "decider").filter(case=row).first()
    if found is None:
        return None
    words = dict(Measure.choices)
    return {
        "account": found,
        "post": str(post_kinds(row.day).get(found.post, found.post)),
        "proposed": [words[one] for one in found.proposed],
        "decided": [words[one] for one in found.decided],
    }


def _restricted(row: Case, viewer: Viewer) -> dict[str, Any] | None:
    """Who looks at a restricted case is on record."""
    if not row.restricted:
        return None
    record(LOOKED, row, by=viewer, org=row.trail_org)
    return {}


def _waits(row: Step, viewer: Viewer) -> bool:
    if row.done_at is not None or row.by_deed or not row.case.is_open or not works_on(row.case, viewer):
        return False
    return not (row.after and row.case.steps.filter(code=row.after, done_at__isnull=True).exists())


class CaseScreen(Screen):
    """Everything that several people work through by steps."""

    model = Case
    slug = "cases"
    title = _("Cases")
    family = Family.SAFE
    icon = "briefcase"
    order = 12
    sort = "-opened_at"
    columns = [
        Serial("number", sort=True, card="title"),
        Column("kind_title", _("Kind"), sort="kind", card="fact"),
        Column("title", sort=True, card="fact"),
        Link("org", sort="org__path", card="fact"),
        Link("lead", sort="lead__path", card="no"),
        Instant("opened_at", sort=True, card="no"),
        Instant("next_due", _("Next step due"), sort=True),
        STATE,
    ]
    filters = {"kind": "choice", "org": "choice", "state": "choice", "day": "range", "drill": "bool"}
    search = ["number", "title", "org__name"]
    views = {
        "open": (_("Underway"), Q(state=CaseState.OPEN)),
        "late": (_("Overdue"), lambda viewer: Q(state=CaseState.OPEN, next_due__lt=viewer.now)),
        "mine": (_("I work on"), lambda viewer: Q(members__account=viewer.account_id, members__until_at__isnull=True)),
        "supervised": (_("Under supervision"), Q(state=CaseState.OPEN, supervised_by__isnull=False)),
        "drills": (_("Drills"), Q(drill=True)),
    }
    panels = [
        Block("cases/restricted.html", _restricted),
        Facts([
            Column("kind_title", _("Kind")), "title", "detail", Link("org"), Link("lead"), PERSON, Link("finding"), Instant("opened_at"),
            "opened_by", Link("supervised_by"), Instant("closed_at"), "closed_by", "closed_why",
        ], sparse=True),
        Block("cases/steps.html", _steps),
        Block("cases/transfer.html", _transfer),
        Block("cases/accountability.html", _account),
        Block("cases/log.html", _log),
        Rows(
            lambda row, viewer: row.members.filter(until_at__isnull=True),
            [Column("account"), Column("role"), Instant("since_at")], title=_("Who works on it"), link=False, limit=30,
        ),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=transferring.send_transfer, name="send", label=_("Note that it was sent"), permission="cases.work", icon="send",
            form=forms.SendForm, shown=_is(transferring.KIND, "send"), initial=lambda row, viewer: {"on": viewer.today},
        ),
        Action(
            verb=transferring.note_receipt, name="receipt", label=_("Note the receipt"), permission="cases.work", icon="receipt",
            form=forms.ReceiptForm, shown=_is(transferring.KIND, "receipt"),
            initial=lambda row, viewer: {"on": viewer.today},
        ),
        Action(
            verb=transferring.note_answer, name="answer", label=_("Note the answer"), permission="cases.work", icon="message",
            form=forms.AnswerForm, shown=_is(transferring.KIND, "answer"),
            initial=lambda row, viewer: {"on": viewer.today},
        ),
        Action(
            verb=accounting.write_investigation, name="investigate", label=_("Write the investigation"), permission="cases.work",
            icon="search", form=forms.InvestigationForm, shown=_is(accounting.KIND, "investigate"),
        ),
        Action(
            verb=accounting.tell_person, name="tell", label=_("Note that they were told"), permission="cases.work",
            icon="mail", form=forms.TellForm, shown=_is(accounting.KIND, "notify"),
        ),
        Action(
            verb=accounting.hear_person, name="hear", label=_("Note their statement"), permission="cases.work", icon="ear",
            form=forms.HearForm, shown=_is(accounting.KIND, "hear"), initial=lambda row, viewer: {"heard": Heard.STATED},
        ),
        Action(
            verb=accounting.decide_case, name="decide", label=_("Decide"), permission=accounting.HOLDS, icon="gavel",
            form=forms.SentenceForm, shown=_decides, initial=lambda row, viewer: {
                "measures": row.accountability.proposed, "fen": row.accountability.proposed_fen or None,
            },
        ),
        Action(
            verb=accounting.propose_decision, name="propose", label=_("Propose a decision"), permission="cases.work",
            icon="scale", form=forms.SentenceForm, shown=_is(accounting.KIND, "propose"),
        ),
        Action(
            verb=accounting.propose_decision, name="propose-anew", label=_("Propose anew"), permission="cases.work",
            icon="scale", form=forms.SentenceForm, shown=_proposes_anew, aside=True,
            help=_("The person is told and heard again."),
        ),
        Action(
            verb=working.add_entry, name="write", label=_("Write into the log"), permission="cases.work", icon="pencil",
            form=forms.EntryForm, shown=lambda row, viewer: row.is_open, then=lambda made: case_address(made.case),
            aside=True, offline=True,
        ),
        Action(
            verb=leading.add_member, name="member", label=_("Add a member"), permission="cases.work", icon="user-plus",
            form=forms.MemberForm, shown=_leads, then=lambda made: case_address(made.case), aside=True,
        ),
        Action(
            verb=leading.remove_member, name="leave", label=_("Take a member off"), permission="cases.work", icon="user-minus",
            form=forms.LeaveForm, shown=_leads, aside=True,
        ),
        Action(
            verb=leading.hand_over, name="hand-over", label=_("Hand over"), permission="cases.work", icon="arrows-exchange",
            form=forms.HandOverForm, shown=_leads, aside=True,
        ),
        Action(
            verb=leading.supervise_case, name="supervise", label=_("Put under supervision"), permission="cases.supervise",
            icon="eye", form=forms.SuperviseForm, shown=lambda row, viewer: row.is_open, aside=True,
        ),
        Action(
            verb=leading.close_case, name="close", label=_("Close the case"), permission="cases.work", icon="check",
            form=forms.CloseForm, shown=_closes_here, aside=True,
        ),
        Action(
            verb=leading.reopen_case, name="reopen", label=_("Open again"), permission="cases.work", icon="arrow-back-up",
            form=forms.ReasonForm, shown=lambda row, viewer: not row.is_open and leads(row, viewer), aside=True, danger=True,
        ),
    ]  # fmt: skip
    empty = _(
        "No case. A case begins on the page of a finding: hand it over to another department, or open accountability."
    )

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """With when the next step is due."""
        return next_due(Case.objects.visible_to(viewer))

    @classmethod
    def row_url(cls, row: Case) -> str:
        """A kind's own page where it has one."""
        page = manner_of(row.kind).page
        return page(row) if page else super().row_url(row)

    def get_panels(self, row: Case, viewer: Viewer) -> Sequence[Panel]:
        """No story of who looked at a restricted case: that is for those who read the trail."""
        return self.panels[:-1] if row.restricted else self.panels


class StepScreen(Screen):
    """The steps of all cases that wait for somebody."""

    model = Step
    slug = "steps"
    title = _("Steps of cases")
    sort = "due_at"
    columns = [
        Column("title", _("Step"), card="title"),
        Link("case", _("Case"), related=["case__org"], card="fact"),
        Instant("due_at", sort=True, card="fact"),
        Instant("done_at", sort=True, card="no"),
        Column("done_by", card="no"),
        Column("note", card="no"),
    ]
    filters = {"due_at": "range"}
    views = {
        "open": (_("Underway"), Q(done_at__isnull=True)),
        "late": (_("Overdue"), lambda viewer: Q(done_at__isnull=True, due_at__lt=viewer.now)),
    }
    panels = [
        Facts([
            Column("title", _("Step")), Column("asks", _("What is asked")), Link("case"), Instant("due_at"), Instant("done_at"), "done_by",
            "not_applicable", "note",
        ], sparse=True),
    ]  # fmt: skip
    actions = [
        Action(
            verb=working.do_step, name="do", label=_("Do it"), permission="cases.work", icon="check", form=forms.StepForm,
            shown=_waits, then=lambda done: case_address(done.case), offline=True,
        ),
        Action(
            verb=working.leave_out_step, name="leave-out", label=_("Does not apply"), permission="cases.work", icon="circle-minus",
            form=forms.ReasonForm, shown=_waits, then=lambda done: case_address(done.case), aside=True,
        ),
    ]  # fmt: skip
