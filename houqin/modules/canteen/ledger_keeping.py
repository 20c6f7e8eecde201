"""What the canteen's own pages know goes into the ledgers by itself: nothing is written down twice.

Called inside the canteen's verbs, in their transaction. A dish, a class or a temperature stands in the ledger as it was
told on the page of the meal; the ledger's duty is done once all of it is there.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from houqin.core.orgs.models import OrgUnit
from houqin.core.places.models import Place
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case, Step
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.definitions import resolved
from houqin.modules.canteen.models import Meal, MealCheck, NightRoll, Sample
from houqin.modules.canteen.queries.dishes import dishes_cooked, uncooked
from houqin.modules.canteen.queries.kitchen import checks_of, progress_of
from houqin.modules.canteen.queries.samples import sampled
from houqin.modules.canteen.rules.serving import Progress

SAMPLES, DISPOSAL, CORE, NIGHT = "food-samples", "sample-disposal", "core-temperature", "night-roll"
DRILL = "emergency-drill"
Line = dict[str, Any]


def samples_kept(meal: Meal, samples: Sequence[Sample], *, by: Viewer) -> None:
    """留样: with the meal's last dish its duty is done."""
    lines = [
        _line(row.dish, grams=row.grams, box=row.box or None, keep_until=_instant(row.keep_until)) for row in samples
    ]
    values = _given(refrigerator=_place(samples[0].place), temperature=samples[0].tenths)
    complete = not _progress(meal).missing_samples
    _keep(meal.org, SAMPLES, by=by, day=meal.day, slot=meal.kind, values=values, lines=lines, completes=complete)


def samples_disposed(samples: Iterable[Sample], *, by: Viewer, how: str) -> None:
    """留样处置: a school at a time."""
    by_school: dict[int, list[Sample]] = {}
    for row in samples:
        by_school.setdefault(row.org_id, []).append(row)
    for rows in by_school.values():
        lines = [_line(row.dish, meal_day=row.meal.day.isoformat(), taken=_instant(row.taken_at)) for row in rows]
        _keep(rows[0].org, DISPOSAL, by=by, day=by.today, values=_given(how=how or None), lines=lines)


def cores_measured(meal: Meal, checks: Iterable[MealCheck], *, by: Viewer) -> None:
    """中心温度: one that is too low is in the ledger too, and the next measuring after it."""
    lines = [_line(check.dish, core=check.tenths) for check in checks]
    progress = _progress(meal)
    complete = not progress.unmeasured and not progress.not_through
    _keep(meal.org, CORE, by=by, day=meal.day, slot=meal.kind, lines=lines, completes=complete)


def night_told(org: OrgUnit, night: date, rolls: Iterable[NightRoll], *, by: Viewer) -> None:
    """晚点名: once every class with boarders has been called."""
    lines = [_line(str(roll.class_group), on_roll=roll.on_roll, present=roll.present) for roll in rolls]
    _keep(org, NIGHT, by=by, day=night, lines=lines)


def drill_held(case: Case, steps: Sequence[Step], *, by: Viewer, found: str) -> None:
    """应急演练: the minutes of each step since the alarm, for the ledger of drills; where nothing was done there was no drill."""
    if not steps:
        return
    after = {step.code: _minutes(case, step) for step in steps}
    lines = [_given(step=step.title_zh, after=after[step.code]) for step in steps]
    values = _given(
        kind="food", number=case.number, began=timezone.localtime(case.opened_at).strftime("%H:%M"),
        report=after.get("first-report"), left_out=case.steps.count() - len(steps), found=found,
    )  # fmt: skip
    _keep(case.org, DRILL, by=by, day=by.today, values=values, lines=lines)


def _minutes(case: Case, step: Step) -> int:
    return round(((step.done_at or case.opened_at) - case.opened_at).total_seconds() / 60)


def _keep(
    org: OrgUnit, code: str, *, by: Viewer, lines: Sequence[Line], values: Line | None = None, **more: Any
) -> None:
    """Write an entry where this ledger is kept; the page has asked about odd values already."""
    try:
        found = resolved(code, org, by.today)
    except NotVisible:
        return
    if not found.is_kept:
        return
    sure = [*(values or {}), *(f"{number}.{key}" for number, line in enumerate(lines) for key in line)]
    record_entry(org, by=by, ledger=code, values=values or {}, lines=lines, confirmed=sure, **more)


def _progress(meal: Meal) -> Progress:
    cooked = dishes_cooked([meal])[meal.pk]
    kept = sampled([meal]).get(meal.pk, {})
    return progress_of(cooked, checks_of([meal])[meal.pk], kept, is_issued=True, as_bought=uncooked(cooked))


def _line(name: str, **values: Any) -> Line:
    return {"line": {"id": "", "name": name}, **_given(**values)}


def _given(**values: Any) -> Line:
    return {key: value for key, value in values.items() if value is not None}


def _place(place: Place | None) -> dict[str, str] | None:
    return {"id": str(place.public_id), "name": place.name} if place else None


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
