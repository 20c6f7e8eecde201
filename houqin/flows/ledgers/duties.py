"""The duties that ledgers ask for: one rule a ledger, whose code is ``ledger:<code>``, and the answer to a value out of limits."""

from collections.abc import Iterable, Sequence
from datetime import date

from houqin.core.scope.viewer import topmost
from houqin.flows.duties.registry import Addition, Demand, Rule, rules_from
from houqin.flows.duties.schedule import Applies, Every, Schedule
from houqin.flows.ledgers.catalogue import Ledger
from houqin.flows.ledgers.definitions import adopted, definitions
from houqin.flows.ledgers.models import Adoption

PREFIX = "ledger:"
BREACHED = "ledgers.breached"
ANSWER = "breach:answer"
ANSWER_HOURS = 2


@rules_from
def ledger_rules(day: date) -> Iterable[Rule]:
    """A rule for each ledger with a rhythm: for all whom it concerns, one of choice for the units that took it up."""
    asked = adopted(day)
    for ledger in definitions(day):
        rows = asked.get(ledger.code, [])
        if ledger.schedules and (rows or ledger.demand != Demand.OWN):
            yield rule_of(ledger, rows)


def rule_of(ledger: Ledger, asked: Sequence[Adoption]) -> Rule:
    """The rule of a ledger with what units asked for, the topmost unit first."""
    is_own = ledger.demand == Demand.OWN
    first = asked[0] if is_own and asked else None
    return Rule(
        code=f"{PREFIX}{ledger.code}",
        title_zh=ledger.title_zh,
        title_en=ledger.title_en,
        post=ledger.post,
        schedules=tuple(_schedules(ledger)),
        demand=Demand(first.demand) if first else ledger.demand,
        source=ledger.basis,
        asked_by=first.org if first else None,
        paths=topmost(row.org.path for row in asked) if is_own else (),
        applies=Applies(ledger.applies.canteen, ledger.applies.boarders, tuple(ledger.applies.types)),
        uses=tuple(ledger.uses),
        tenth_minutes=int(ledger.minutes * 10),
        red_line=ledger.red_line,
        destroys_evidence=ledger.destroys_evidence,
        shown_elsewhere=bool(ledger.fed_by),
        additions=tuple(Addition(row.org.path, row.org, row.tenth_minutes) for row in asked if row.tenth_minutes),
        family=str(ledger.family),
        since=ledger.effective_from,
    )


def _schedules(ledger: Ledger) -> Iterable[Schedule]:
    for when in ledger.schedules:
        yield Schedule(**when.model_dump(exclude={"meals"}), meals=tuple(when.meals))


@rules_from
def answer_rule(day: date) -> Iterable[Rule]:
    """A value out of limits that stands is answered by the post above whoever keeps the ledger (R-032)."""
    yield Rule(
        code=ANSWER,
        title_zh="超限值须答复：怎么处理的",
        title_en="Value out of limits: say what was done",
        post="logistics-director",
        schedules=(Schedule(Every.EVENT, event=BREACHED, within_hours=ANSWER_HOURS),),
        demand=Demand.OFFICE,
        source="食堂管理责任链：校长（园长）负责制与联动机制",
        tenth_minutes=20,
    )
