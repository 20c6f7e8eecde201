"""The rules of this room itself, loaded at start: tasks that units set, and warnings."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from houqin.core.orgs.models import OFFICES
from houqin.flows.duties.models import Task
from houqin.flows.duties.registry import Demand, Rule, rules_from
from houqin.flows.duties.schedule import Every, Schedule
from houqin.flows.duties.warnings import warning_rules

__all__ = ["task_rules", "warning_rules"]


@rules_from
def task_rules(day: date) -> Iterable[Rule]:
    """The tasks that were in force until the end of a day. One query."""
    ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    rows = Task.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=ends)).select_related("org")
    return [rule_of(task) for task in rows.order_by("pk")]


def tasks_called(codes: Iterable[str]) -> dict[str, Rule]:
    """Tasks by the codes of their rules, ended or not."""
    ids = [code.removeprefix("task:") for code in codes if code.startswith("task:")]
    return (
        {task.rule: rule_of(task) for task in Task.objects.filter(public_id__in=ids).select_related("org")}
        if ids
        else {}
    )


def rule_of(task: Task) -> Rule:
    """A task as a rule."""
    every = Every(task.every)
    return Rule(
        code=task.rule,
        title_zh=task.title,
        title_en=task.title,
        post=task.post,
        schedules=(Schedule(every, opens=task.opens, due=task.due, weekday=task.weekday),),
        demand=Demand.OFFICE if task.org.kind in OFFICES else Demand.OWN,
        source=task.why,
        asked_by=task.org,
        paths=(task.org.path,),
        tenth_minutes=task.tenth_minutes,
        red_line=task.red_line,
        family="tasks",
        since=task.from_on,
    )
