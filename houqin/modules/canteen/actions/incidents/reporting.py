"""What is suspected, and the written reports: drafted by the system, edited and sent by a person."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.actions.opening import set_due
from houqin.flows.cases.actions.working import complete_step
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.incidents.holding import LEAD, done_by_the_way, held, require_no_name
from houqin.modules.canteen.incident_notices import FIRST_REPORT, tell_report
from houqin.modules.canteen.models import Incident, IncidentReport, Meal
from houqin.modules.canteen.queries.dishes import cooked_dishes

titled({
    "canteen.suspected": gettext_lazy("Meal suspected"), "canteen.report_sent": gettext_lazy("Report sent"),
})  # fmt: skip
Kind = IncidentReport.Kind
STEP = {Kind.FIRST: FIRST_REPORT, Kind.FINAL: "final-report"}
FOLLOW_UP = "follow-up-report"


@verb
def suspect(case: Case, *, by: Viewer, meal: Meal, dish: str = "") -> Incident:
    """Name the meal, and the dish where one is suspected, that the reports speak of."""
    row = held(case, by)
    require(by, LEAD, at=row.org)
    if meal.org_id != row.org_id:
        raise NotVisible
    if dish and dish not in cooked_dishes([Meal.objects.select_related("org").get(pk=meal.pk)])[meal.pk]:
        raise Refused(_("%(dish)s was not cooked for this meal.") % {"dish": dish}, field="dish")
    incident: Incident = row.incident
    incident.meal, incident.dish = meal, dish
    incident.save(update_fields=["meal", "dish"])
    record("canteen.suspected", row, by=by, org=row.org, meal=str(meal), dish=dish)
    return incident


@verb
def send_report(case: Case, *, by: Viewer, kind: str, body: str, to: str) -> IncidentReport:
    """Send a report as it stands: the offices above read it at once, the paper goes where ``to`` says. It is never changed.

    No name of an ill person may stand in it. A drill's report stays in the school.
    """
    row = held(case, by)
    require(by, LEAD, at=row.org)
    _check_text(row, by, body, to)
    before = IncidentReport.objects.filter(case=row)
    first, final = before.filter(kind=Kind.FIRST).exists(), before.filter(kind=Kind.FINAL).exists()
    if kind == Kind.FIRST and first:
        raise Refused(_("The first report was sent already. Write a follow-up report."))
    if kind != Kind.FIRST and not first:
        raise Refused(_("The first report comes first."))
    if final:
        raise Refused(_("The final report was sent already. Nothing comes after it."))
    number = before.filter(kind=kind).count() + 1
    due = row.steps.filter(code=FOLLOW_UP, done_at__isnull=True).values_list("due_at", flat=True).first()
    report: IncidentReport = IncidentReport.objects.create(
        org=row.org, case=row, kind=kind, number=number, body=body.strip(), sent_to=to.strip()[:200], sent_at=by.moment,
        sent_by_id=by.account_id,
    )  # fmt: skip
    record(
        "canteen.report_sent", row, by=by, org=row.org, kind=kind, number=number, to=report.sent_to, drill=row.drill,
        late=bool(kind == Kind.FOLLOW_UP and due is not None and by.moment > due),
    )  # fmt: skip
    if kind in STEP:
        done_by_the_way(row, STEP[Kind(kind)], by, report.sent_to)
    _next_follow_up(row, by, Kind(kind), number)
    if not row.drill:
        tell_report(report, by=by)
    return report


def _next_follow_up(case: Case, by: Viewer, kind: str, number: int) -> None:
    """After each follow-up the time until the next one begins anew; the final report ends it."""
    step = case.steps.filter(code=FOLLOW_UP, done_at__isnull=True).first()
    if step is None:
        return
    if kind == Kind.FOLLOW_UP:
        set_due(step, by.moment)
        step.reminded_at, step.note = None, _("Sent so far: %(count)s") % {"count": number}
        step.save(update_fields=["due_at", "reminded_at", "note"])
    elif kind == Kind.FINAL:
        none = _("The final report came before the first follow-up was due.")
        complete_step(case, FOLLOW_UP, by=by, note=step.note or none, applies=bool(step.note))


def _check_text(case: Case, by: Viewer, body: str, to: str) -> None:
    if not body.strip():
        raise Refused(_("Write the report; the draft stands there."), field="body")
    if not to.strip():
        raise Refused(_("Say to whom it goes."), field="to")
    require_no_name(case, by, body, field="body")
    require_no_name(case, by, to, field="to")
