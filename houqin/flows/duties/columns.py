"""Columns of duties: their names come from the rules, read once for a page."""

from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from houqin.flows.duties.duties import rule_of
from houqin.flows.duties.models import Duty, DutyState, Task
from houqin.flows.duties.registry import Rule, rules_on
from houqin.flows.duties.words import post_names, slot_of
from houqin.ui.screens import Badge, Column
from houqin.ui.screens.look import Look


def rules_seen(look: Look) -> dict[str, Rule]:
    """The rules of today and all tasks there ever were, read once for a page."""
    kept: dict[str, Any] = vars(look)
    if "duty_rules" not in kept:
        tasks = {task.rule: rule_of(task) for task in Task.objects.select_related("org")}
        kept["duty_rules"] = tasks | rules_on(look.viewer.today)
    found: dict[str, Rule] = kept["duty_rules"]
    return found


def posts_seen(look: Look) -> dict[str, str]:
    """The names of posts, read once for a page."""
    kept: dict[str, Any] = vars(look)
    if "post_names" not in kept:
        kept["post_names"] = post_names(look.viewer.today)
    found: dict[str, str] = kept["post_names"]
    return found


class RuleName(Column):
    """What the duty is called, with which of the day it is."""

    def text(self, row: Any, look: Look) -> str:
        rule = rules_seen(look).get(row.rule)
        name = str(rule) if rule else str(_("A duty that is not asked any more"))
        slot = getattr(row, "slot", "")
        return f"{name} · {slot_of(slot)}" if slot else name


class PostName(Column):
    """The post in words."""

    def text(self, row: Any, look: Look) -> str:
        code = getattr(row, self.name)
        return posts_seen(look).get(code, code) or "—"


def standing(row: Duty) -> str | Promise:
    """How a duty stands, in a word; late and missed follow from the times."""
    if row.state == DutyState.OPEN:
        now = timezone.now()
        if row.due_at < now:
            return _("Overdue") if row.day >= timezone.localdate(now) else _("Missed")
        return _("Due now") if row.opens_at <= now else _("To come")
    if row.state == DutyState.DONE:
        return _("Done late") if is_late(row) else _("Done in time")
    return row.get_state_display()


def is_late(row: Duty) -> bool:
    """Whether it was done after its window."""
    return row.done_at is not None and row.done_at > row.due_at


def tone(row: Duty) -> str:
    """The tone of that word."""
    if row.state == DutyState.DONE:
        return "soon" if is_late(row) else "passed"
    if row.state != DutyState.OPEN:
        return "quiet"
    now = timezone.now()
    if row.due_at < now:
        return "danger"
    return "soon" if row.opens_at <= now else "plain"


STANDING = Badge("state", _("State"), value=standing, tone=tone)


def post_choices() -> list[tuple[str, str]]:
    """Posts to choose from."""
    return list(post_names(timezone.localdate()).items())


def rule_choices() -> list[tuple[str, str]]:
    """The duties asked today, to choose from."""
    return sorted(
        ((code, str(rule)) for code, rule in rules_on(timezone.localdate()).items()), key=lambda pair: pair[1]
    )
