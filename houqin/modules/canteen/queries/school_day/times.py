"""The day's line of times: what was done when at the door and for each meal, and what is missing."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from houqin.core.orgs.models import OrgUnit
from houqin.modules.canteen.models import CheckKind, Delivery, Issue, Meal, MealCheck, Origin
from houqin.modules.canteen.queries.dishes import dishes_cooked, uncooked
from houqin.modules.canteen.queries.heads import Heads
from houqin.modules.canteen.queries.samples import sampled
from houqin.ui import formats


class Standing(StrEnum):
    """How far a step is."""

    DONE = "done"
    OPEN = "open"  # today it can still be done
    MISSING = "missing"  # the day is over
    UNKNOWN = "unknown"  # copied from paper, which does not tell


@dataclass(frozen=True)
class Station:
    """One step: what it is, how far it is, when or how much."""

    label: str
    standing: Standing
    told: str = ""


@dataclass(frozen=True)
class Track:
    """The steps of the deliveries or of one meal, in their order."""

    name: str
    url: str
    stations: Sequence[Station]

    @property
    def missing(self) -> list[str]:
        """Steps that nobody did."""
        return [one.label for one in self.stations if one.standing == Standing.MISSING]


@dataclass(frozen=True)
class _Clock:
    """Whether an undone step is open, missing or unknown."""

    is_over: bool

    def station(self, label: str, done: int, of: int, at: datetime | None = None, *, paper: bool = False) -> Station:
        """A step that is done when ``done`` of ``of`` are; nothing to do is done as well."""
        told = " ".join(filter(None, (f"{done}/{of}" if of > 1 else "", formats.clock(at) if at else "")))
        if done >= of:
            return Station(label, Standing.DONE, told)
        if paper:
            return Station(label, Standing.UNKNOWN, _("paper does not tell"))
        return Station(label, Standing.MISSING if self.is_over else Standing.OPEN, told)


def tracks(org: OrgUnit, day: date, today: date, meals: Sequence[Meal], heads: dict[int, Heads]) -> list[Track]:
    """The line of the deliveries, then one for each meal. Twelve queries."""
    clock = _Clock(day < today)
    found = _deliveries(org, day, clock)
    issues: dict[int, list[Issue]] = defaultdict(list)
    for issue in Issue.objects.standing().filter(meal__in=meals):
        issues[issue.meal_id].append(issue)
    checks: dict[int, list[MealCheck]] = defaultdict(list)
    for check in MealCheck.objects.filter(meal__in=meals).order_by("at"):
        checks[check.meal_id].append(check)
    dishes, samples = dishes_cooked(meals), sampled(meals)
    as_bought = uncooked(dish for cooked in dishes.values() for dish in cooked)
    for meal in meals:
        kept = samples.get(meal.pk, {})
        hot = [dish.name for dish in dishes[meal.pk] if dish not in as_bought]
        found.append(
            _meal(meal, clock, heads[meal.pk], issues[meal.pk], checks[meal.pk], hot, len(dishes[meal.pk]), kept)
        )
    return found


def _deliveries(org: OrgUnit, day: date, clock: _Clock) -> list[Track]:
    rows = list(Delivery.objects.filter(org=org, delivered_on=day))
    if not rows:
        return []
    live = [row for row in rows if row.origin == Origin.LIVE]
    signed = [row for row in live if row.signed_at]
    stations = [
        clock.station(_("Goods accepted"), len(rows), len(rows), max((row.recorded_at for row in live), default=None)),
        clock.station(
            _("Second signature"), len(signed), len(live) or 1, max((row.signed_at for row in signed), default=None),
            paper=not live,
        ),
    ]  # fmt: skip
    url = f"{reverse('canteen:deliveries')}?under={org.path}&delivered_on_min={day}&delivered_on_max={day}"
    return [Track(_("Deliveries"), url, stations)]


def _meal(
    meal: Meal,
    clock: _Clock,
    heads: Heads,
    issues: Sequence[Issue],
    checks: Sequence[MealCheck],
    to_measure: Collection[str],
    dishes: int,
    samples: dict[str, Any],
) -> Track:
    live = [issue for issue in issues if issue.origin == Origin.LIVE]
    paper = bool(issues) and not live and not checks
    hot = {check.dish: check.at for check in checks if check.kind == CheckKind.CORE and check.dish in to_measure}
    once = {kind: [check.at for check in checks if check.kind == kind] for kind in CheckKind}
    served = once[CheckKind.SERVED] or once[CheckKind.SERVING]
    told = sum(1 for group in heads.by_class if group.is_told)
    reported = max((group.reported_at for group in heads.by_class if group.reported_at), default=None)
    of = dishes or 1
    stations = [
        clock.station(_("Heads"), 1, 1, reported) if heads.confirmed
        else clock.station(_("Heads"), told, told + max(1, len(heads.missing)), reported, paper=paper),
        clock.station(_("Issued"), int(bool(issues)), 1, max((row.recorded_at for row in live), default=None)),
        clock.station(_("Core temperature"), len(hot), len(to_measure) if dishes else 1, max(hot.values(), default=None), paper=paper),
        clock.station(_("Tasted"), int(bool(once[CheckKind.TASTED])), 1, max(once[CheckKind.TASTED], default=None), paper=paper),
        clock.station(
            _("Samples"), min(len(samples), of), of, max((one.taken_at for one in samples.values()), default=None),
            paper=paper,
        ),
        clock.station(_("Served"), int(bool(served)), 1, max(served, default=None), paper=paper),
    ]  # fmt: skip
    return Track(str(meal.get_kind_display()), reverse("canteen:meals-detail", args=[meal.public_id]), stations)


def missing_sentence(found: Sequence[Track]) -> str:
    """What nobody did, in a sentence; empty when nothing is missing."""
    told = [f"{track.name}：{'、'.join(track.missing)}" for track in found if track.missing]
    count = sum(len(track.missing) for track in found)
    if not told:
        return ""
    words = ngettext("%(count)s step is missing: %(what)s.", "%(count)s steps are missing: %(what)s.", count)
    return words % {"count": count, "what": "；".join(told)}
