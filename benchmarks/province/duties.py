"""The duties of a school as the project's own rules ask them, and how they were kept: in time, late, not at all.

They are planned once for each kind of school, for one school of it, and asked of all others of that kind.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from benchmarks.province.copying import Rows
from benchmarks.province.dice import Dice, Ids
from benchmarks.province.people import Staff
from benchmarks.province.premises import Thing
from benchmarks.province.tree import KINDS, Place, School
from houqin.config.demo.month import BY_POST, PREFIX
from houqin.core.orgs.models import OrgUnit
from houqin.flows.duties.generation import runs_of_days
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.planning import plan, read_schools

AHEAD = timedelta(days=3)
LATE_BECAUSE = "忙于供餐，饭后补记"
LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One duty as it is asked of every school of a kind; ``thing`` is the number of the place, none: the school."""

    day: date
    rule: str
    slot: str
    post: str
    opens: datetime
    due: datetime
    red_line: bool
    thing: int | None


def planned(first: date, last: date, schools: Sequence[tuple[Place, Sequence[Thing]]]) -> dict[School, list[Asked]]:
    """The duties of each kind of school, by day: ``schools`` are one of each."""
    units = {unit.pk: unit for unit in OrgUnit.objects.filter(pk__in=[school.pk for school, _things in schools])}
    what = {school.pk: school.what for school, _things in schools}
    numbers = {thing.subject: number for _school, things in schools for number, thing in enumerate(things)}
    found: dict[School, list[Asked]] = defaultdict(list)
    for rules, begins, ends in runs_of_days(first, last + AHEAD):
        made = plan(read_schools(list(units.values()), rules, begins), rules, begins, ends)
        for org_id, number, about in zip(made.org_ids, made.numbers, made.abouts, strict=True):
            one = made.asked[number]
            if one.window.day >= first:
                found[what[org_id]].append(
                    Asked(
                        one.window.day, one.rule, one.window.slot, one.post, _utc(one.window.opens), _utc(one.window.due),
                        one.red_line, numbers.get(about),
                    )
                )  # fmt: skip
    once = {kind: {(one.day, one.rule, one.slot, one.thing): one for one in asked} for kind, asked in found.items()}
    order = {kind: sorted(asked.values(), key=_order) for kind, asked in once.items()}
    return {kind: order.get(kind, []) for kind in KINDS}


def _order(one: Asked) -> tuple[date, str, str, int]:
    return one.day, one.rule, one.slot, -1 if one.thing is None else one.thing


def _utc(local: datetime) -> datetime:
    return timezone.make_aware(local).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Done:
    """A duty that was done by writing a ledger."""

    asked: Asked
    at: datetime
    account: str
    entry: UUID


class Keeping:
    """One school's people doing what is asked, or not."""

    def __init__(
        self, rows: Rows, ids: Ids, school: Place, staff: Staff, things: Sequence[Thing], now: datetime
    ) -> None:
        self.rows, self.ids, self.school, self.staff, self.things, self.now = rows, ids, school, staff, things, now
        self.dice: Dice = school.dice("duties")

    def keep(self, asked: Sequence[Asked]) -> list[Done]:
        """Every duty; what was done by writing, in the order in which it was asked."""
        found: list[Done] = []
        group: tuple[date, str, str] | None = None
        at: datetime | None = None
        entry = None
        for one in asked:
            if (one.day, one.rule, one.slot) != group:  # what is done at several places is done on one round
                group = one.day, one.rule, one.slot
                at = self._when(one)
                entry = self.dice.uuid7(at) if at else None
                if at and entry and one.rule.startswith(PREFIX):
                    found.append(Done(one, at, self._who(one.post), entry))
            self._write(one, at, entry)
        return found

    def _when(self, one: Asked) -> datetime | None:
        """When it was done; none when it was not, or not yet."""
        dice, habit = self.dice, self.school.habit
        chance = dice.random()
        if chance < habit.missed:
            return None
        if chance < habit.missed + habit.late:
            at = one.due + timedelta(minutes=dice.randint(10, 150))
        elif one.due - one.opens > LONG:
            at = one.opens + (LONG / 3) * dice.random()
        else:
            at = one.opens + (one.due - one.opens) * dice.uniform(0.1, 0.9)
        return at.replace(microsecond=0) if at < self.now else None

    def _who(self, post: str) -> str:
        account = BY_POST.get(post, "keeper")
        return account if account in self.staff.accounts else "keeper"

    def _write(self, one: Asked, at: datetime | None, entry: UUID | None) -> None:
        about = None if one.thing is None else self.things[one.thing].subject
        done = {} if at is None else {
            "state": DutyState.DONE.value, "done_at": at, "account_id": self.staff.accounts[self._who(one.post)].pk,
            "evidence_id": entry if one.rule.startswith(PREFIX) else None,
        }  # fmt: skip
        self.rows.add(
            Duty, id=self.ids.next(Duty), day=one.day, org_id=self.school.pk, rule=one.rule, slot=one.slot, about_id=about,
            about_key=about or 0, post=one.post, opens_at=one.opens, due_at=one.due, red_line=one.red_line, **done,
        )  # fmt: skip
