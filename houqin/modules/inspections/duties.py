"""The duties that rounds ask for: one for each place of a responsibility area, done on its own page (R-086)."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES
from houqin.core.places.owners import DEFAULT_POST
from houqin.core.places.queries import uses_on
from houqin.flows.duties.models import Duty
from houqin.flows.duties.registry import Demand, Rule, done_at, rules_from
from houqin.flows.duties.schedule import Every, Schedule
from houqin.modules.inspections.lists import lists_on
from houqin.modules.inspections.models import AskedRound
from houqin.modules.inspections.rounds import Wish, holding

PREFIX = "round:"


def code_of(row: AskedRound) -> str:
    """The code of its rule: the same as long as the unit asks for it."""
    return f"{PREFIX}{row.use}:{row.checklist}:{row.public_id.hex[-8:]}"


def checklist_of(rule: str) -> str:
    """The checklist by which the rounds of a rule are walked."""
    return rule.removeprefix(PREFIX).split(":")[1]


def standing_rounds() -> dict[int, AskedRound]:
    """Every round that some unit asks for now, by its key. One query."""
    rows = AskedRound.objects.filter(ended_at__isnull=True).select_related("org").order_by("org__path", "use")
    return {row.pk: row for row in rows}


def wishes(rows: Iterable[AskedRound]) -> list[Wish]:
    """The same as pure values."""
    return [Wish(row.pk, row.org.path, row.use, row.every) for row in rows]


@rules_from
def round_rules(day: date) -> Iterable[Rule]:
    """A rule for each round that holds somewhere."""
    rows = standing_rounds()
    if not rows:
        return
    uses, lists = uses_on(day), lists_on(day)
    for one in holding(wishes(rows.values())):
        row = rows[one.wish.key]
        held, use = lists.get(row.checklist), uses.get(row.use)
        if held is None or use is None or row.set_at.date() > day:
            continue
        yield Rule(
            code=code_of(row),
            title_zh=f"责任区检查：{use.title_zh}",
            title_en=f"Round: {use.title_en}",
            post=row.post or use.owner or DEFAULT_POST,
            schedules=(Schedule(Every(row.every)),),
            demand=Demand.OFFICE if row.org.kind in OFFICES else Demand.OWN,
            source=held.checklist.basis,
            asked_by=row.org,
            paths=(row.org.path,),
            except_paths=one.except_paths,
            uses=(row.use,),
            tenth_minutes=held.checklist.minutes * 10,
            family="inspections",
        )


@done_at("round", button=_("Walk the round"))
def walk(duty: Duty) -> str:
    """Where a round is walked."""
    return reverse("inspections:walk", args=[duty.pk])
