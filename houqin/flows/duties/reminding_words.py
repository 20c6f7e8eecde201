"""What reminders say, in the reader's language."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.utils.translation import gettext, ngettext

from houqin.flows.duties.duties import tasks_called
from houqin.flows.duties.registry import Rule, rules_on
from houqin.ui import formats

NAMED = 3


def rules_named(codes: Collection[str], day: date) -> dict[str, Rule]:
    """The rules of duties by code; of tasks also those that ended meanwhile."""
    known = {code: rule for code, rule in rules_on(day).items() if code in codes}
    return known | tasks_called({code for code in codes if code not in known})


def titles(codes: Iterable[str], rules: dict[str, Rule]) -> list[str]:
    """Each duty's name once, in their order."""
    other = gettext("A duty that is not asked any more")
    return list(dict.fromkeys(str(rules[code]) if code in rules else other for code in codes))


def in_short(names: list[str]) -> str:
    """At most three names in one line."""
    return formats.listed(names[:NAMED]) + ("…" if len(names) > NAMED else "")


def due_words(names: list[str], count: int, due: datetime, today: date) -> str:
    """By when which duties are to be done."""
    values = {"until": until(due, today), "duties": in_short(names), "count": count}
    return ngettext("By %(until)s: %(duties)s", "By %(until)s, %(count)s duties: %(duties)s", count) % values


def overdue_words(names: list[str], count: int, due: datetime, today: date) -> str:
    """Since when which duties are overdue."""
    values = {"since": until(due, today), "duties": in_short(names), "count": count}
    return (
        ngettext("Overdue since %(since)s: %(duties)s", "Overdue since %(since)s, %(count)s duties: %(duties)s", count)
        % values
    )


def until(due: datetime, today: date) -> str:
    """The clock today, day and clock otherwise."""
    return formats.clock(due) if formats.local_day(due) == today else formats.instant(due)
