"""What duties are called: a rule's name, its slot and its place."""

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.people.posts import post_kinds
from houqin.flows.duties.duties import tasks_called
from houqin.flows.duties.models import Duty
from houqin.flows.duties.registry import Rule, rules_on
from houqin.flows.duties.schedule import Every

SLOTS: dict[str, Promise] = {
    "breakfast": _("Breakfast"),
    "lunch": _("Lunch"),
    "dinner": _("Dinner"),
    "am": _("Morning"),
    "noon": _("Noon"),
    "pm": _("Afternoon"),
    "evening": _("Evening"),
    "night": _("At night"),
}
EVERY: dict[str, Promise] = {
    Every.MEAL: _("at each meal"),
    Every.SCHOOL_DAY: _("each school day"),
    Every.BOARDING_DAY: _("each day with boarders"),
    Every.WORKING_DAY: _("each working day"),
    Every.DAY: _("each day"),
    Every.WEEK: _("weekly"),
    Every.HALF_MONTH: _("every half month"),
    Every.MONTH: _("monthly"),
    Every.QUARTER: _("quarterly"),
    Every.HALF_YEAR: _("every half year"),
    Every.TERM: _("each term"),
    Every.YEAR: _("yearly"),
    Every.BEFORE_TERM: _("before a term begins"),
    Every.BEFORE_HOLIDAY: _("before a holiday"),
    Every.AFTER: _("after another record"),
    Every.EVENT: _("on a warning"),
    Every.BEFORE_END: _("before it ends"),
}


def rules_of(duties: Iterable[Duty], today: date) -> dict[str, Rule]:
    """The rules of these duties: as they are today, else as they were when the duty fell due."""
    rows = list(duties)
    known = rules_on(today)
    known |= tasks_called({duty.rule for duty in rows if duty.rule not in known})
    gone = sorted({(duty.day, duty.rule) for duty in rows if duty.rule not in known})
    for day, code in gone:
        if code not in known:
            known |= {code: rule for code, rule in rules_on(day).items() if code not in known}
    return known


def title_of(duty: Duty, rules: dict[str, Rule]) -> str:
    """The duty as people call it: the rule and, of several a day, which."""
    rule = rules.get(duty.rule)
    name = str(rule) if rule else gettext("A duty that is not asked any more")
    return f"{name} · {slot_of(duty.slot)}" if duty.slot else name


def slot_of(slot: str) -> str:
    """A meal or a half of the day in words."""
    return str(SLOTS.get(slot, slot))


def post_names(day: date) -> dict[str, str]:
    """Names of the kinds of posts in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    return {code: kind.title_zh if chinese else kind.title_en for code, kind in post_kinds(day).items()}
