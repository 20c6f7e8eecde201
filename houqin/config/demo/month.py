"""A month of duties and ledgers as the schools of the demo kept them: most on time, some late, a few missed."""

import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import timezone

from houqin.config.demo import kitchen
from houqin.config.demo.environment import waste
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.generation import generate
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import Resolved, resolved
from houqin.flows.ledgers.prefills import lines_for, prefilled
from houqin.flows.ledgers.rules.judging import applies
from houqin.modules.environment.queries.waste import LEDGER as WASTE

LASTS, AHEAD = timedelta(days=28), timedelta(days=7)
PREFIX = "ledger:"
BY_POST = {
    "class-teacher": "teacher", "principal": "principal", "logistics-director": "director", "cook": "cook",
    "kitchen-hand": "cook", "guard": "worker", "dorm-manager": "worker", "cleaner": "worker", "gardener": "worker",
}  # fmt: skip
WORDS = {
    "collector": "东湖区环卫所", "receiver": "李师傅", "laboratory": "东湖区疾控中心", "firm": "青石镇清洗服务部",
    "agent": "84 消毒液", "where": "食堂一楼", "vegetable": "小白菜", "supplier": "清泉饮用水有限公司", "plate": "鄂F12345",
    "present": "校长、总务主任、食堂管理员", "plot": "后院菜地", "crop": "小白菜", "on_duty": "王师傅", "mechanic": "刘师傅",
    "deliverer": "陈师傅", "parents": "杜明母亲", "food": "馒头", "dish": "馒头", "item": "沙袋", "group": "三年级一班",
    "pupil": "张子涵", "name": "周建国", "host": "教务处", "plan": "继续抓好留样和消毒，换掉两把旧刀。",
    "month": "本月未发生食品安全问题，留样、消毒记录齐全。", "decided": "按计划执行。", "looked_at": "库房、加工间、备餐间、餐厅、垃圾存放处",
}  # fmt: skip


@dataclass(frozen=True)
class Habit:
    """How a school keeps its ledgers: which share late, which not at all, and how often a reading is out of its limit."""

    late: float
    missed: float
    slip: float = 0.004


HABITS = {
    "青石中心小学": Habit(0.03, 0.01), "青石初级中学": Habit(0.05, 0.02), "青石中心幼儿园": Habit(0.04, 0.01),
    "柳溪小学": Habit(0.06, 0.03), "石塘小学": Habit(0.12, 0.16, 0.012), "黄荆小学": Habit(0.07, 0.04), "云岭小学": Habit(0.10, 0.05),
}  # fmt: skip
MOMENT = timedelta(minutes=1)
BEFORE = frozenset({"taken", "meal_day"})  # of a sample that is disposed of
KEPT = timedelta(hours=48)
HAPPENS = 0.4  # of lists that may be empty


def month(schools: Iterable[OrgUnit], today: date, now: datetime, *, told: Mapping[str, Collection[date]]) -> None:
    """Duties of four weeks and the days ahead, and the entries of all that lies behind now.

    ``told`` are the ledgers, with their days, that the first school's own pages write.
    """
    first = today - LASTS
    schools = list(schools)
    generate(first, today + AHEAD, org=schools[0].parent)
    for number, org in enumerate(schools):
        school = _School(org, now, {} if number else told)
        school.keep(first)
        school.keep(first)  # what fell due by what was written: samples to be disposed of


class _School:
    """One school's people, writing."""

    def __init__(self, org: OrgUnit, now: datetime, told: Mapping[str, Collection[date]]) -> None:
        self.org, self.now, self.told = org, now, told
        self.habit = HABITS[org.name]
        self.slipped = False
        self.known: dict[tuple[str, str], Any] = {}
        accounts = Account.objects.filter(home=org, is_demo=True)
        self.viewers = {account.username.rstrip("0123456789"): viewer_for(account, now=now) for account in accounts}

    def keep(self, first: date) -> None:
        """All duties of ledgers that fell due, in the order in which they were done."""
        rows = Duty.objects.open().filter(org=self.org, day__gte=first, opens_at__lt=self.now, rule__startswith=PREFIX)
        duties = sorted(rows.select_related("about"), key=lambda duty: (duty.rule, duty.day, duty.slot, duty.pk))
        done = [
            (self._moment(group[0], chance), group, chance)
            for key, found in groupby(duties, key=lambda duty: (duty.rule, duty.day, duty.slot))
            for group, chance in [(list(found), random.Random(f"{self.org.code}{key}"))]  # noqa: S311
            if chance.random() >= self.habit.missed and key[1] not in self.told.get(key[0].removeprefix(PREFIX), ())
        ]
        for at, group, chance in sorted(done, key=lambda one: one[0]):
            if at < self.now:
                self._write(group, at, chance)

    def _moment(self, duty: Duty, chance: random.Random) -> datetime:
        """Somewhere in its window; in a long one on one of its first days, in working hours."""
        if chance.random() < self.habit.late:
            return duty.due_at + MOMENT * chance.randint(10, 150)
        long = (duty.due_at - duty.opens_at).days
        at = duty.opens_at + (duty.due_at - duty.opens_at) * chance.uniform(0.1, 0.9)
        if not long:
            return at
        day = duty.opens_at + timedelta(days=chance.randint(0, min(long, 6)))
        return timezone.localtime(day).replace(hour=chance.randint(8, 16), minute=chance.randint(0, 59))

    def _write(self, duties: list[Duty], at: datetime, chance: random.Random) -> None:
        duty = duties[0]
        code = duty.rule.removeprefix(PREFIX)
        by = replace(self._who(duty.post), now=at)
        day = duty.day if duty.day <= by.today else by.today
        held = resolved(code, self.org, day)
        values, lines = self._content(held, by, day, duty.slot, chance)
        if held.lines is not None and held.lines.of != "free" and not lines:
            return  # nothing of this kind stands here
        nothing = held.may_be_empty and not lines
        abouts = [one.about for one in duties] if held.ledger.uses and held.lines is None else [None]
        for about in abouts:
            record_entry(
                self.org, by=by, ledger=code, values={} if nothing else values, lines=lines, slot=duty.slot, about=about, day=day,
                nothing_to_report=nothing,
                second=self._second(by) if held.ledger.countersign else None,
                late_because="忙于供餐，饭后补记" if at > duty.due_at else "",
            )  # fmt: skip

    def _second(self, by: Viewer) -> Account:
        other = next(one for one in self.viewers.values() if one.account_id != by.account_id)
        found: Account = Account.objects.get(pk=other.account_id)
        return found

    def _who(self, post: str) -> Viewer:
        return self.viewers.get(BY_POST.get(post, "keeper")) or self.viewers["keeper"]

    def _content(
        self, held: Resolved, by: Viewer, day: date, slot: str, chance: random.Random
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        known = {column.code: self._known(column.prefill, by, day, slot) for column in held.columns}
        values = self._values(held.columns, known, by, chance, {})
        if held.code == WASTE:
            values |= waste(self.org, chance)
        made = []
        begun = [dict(line) for line in self._begun(held, by, day, slot)]
        if held.lines is not None and held.lines.of == "free" and chance.random() < HAPPENS:
            begun = [{"id": "", "name": ""}]
        for line in begun:
            name = {"id": line.pop("id"), "name": line.pop("name")}
            assert held.lines is not None
            made.append(
                ({"line": name} if name["name"] else {}) | self._values(held.lines.columns, line, by, chance, values)
            )
        remark = self._remark(held)
        return ({"remark": remark} if remark else {}) | values, made

    def _known(self, source: str, by: Viewer, day: date, slot: str) -> Any:
        """What the form would be filled with, asked once: the school has as many heads every day."""
        if (source, slot) not in self.known:
            self.known[source, slot] = prefilled(source, self.org, by, day, slot)
        return self.known[source, slot]

    def _begun(self, held: Resolved, by: Viewer, day: date, slot: str) -> list[dict[str, Any]]:
        """The lines with which the form would begin; places, staff and classes are asked for once."""
        kind = held.lines.of if held.lines else ""
        if kind == "dishes":
            names = [
                dish.name for meal, dishes in kitchen.dishes_of(day).items() if slot in ("", meal) for dish in dishes
            ]
            return [{"id": "", "name": name} for name in dict.fromkeys(names)]
        if (held.code, kind) not in self.known:
            self.known[held.code, kind] = lines_for(held, self.org, by, day, slot)
        found: list[dict[str, Any]] = self.known[held.code, kind]
        return found

    def _remark(self, held: Resolved) -> str:
        """What is said of a reading out of its limit, of a photo that the demo has not."""
        if self.slipped:
            self.slipped = False
            return "已调整，半小时后复测正常"
        return "演示数据，未附照片" if held.ledger.photo.asked == "always" else ""

    def _values(
        self,
        columns: Iterable[Column],
        known: Mapping[str, Any],
        by: Viewer,
        chance: random.Random,
        around: dict[str, Any],
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column in columns:
            value = known.get(column.code)
            if value is None and (column.required or concerned(column, around | found)):
                value = self._value(column, around | found, by, chance)
            if value is not None:
                found[column.code] = value
        return found

    def _value(self, column: Column, said: dict[str, Any], by: Viewer, chance: random.Random) -> Any:
        if column.is_measured:
            measured, out = reading(column, said, chance, slip=chance.random() < self.habit.slip)
            self.slipped = self.slipped or out
            return measured
        if column.kind == "yes_no":
            return column.expects
        if column.kind in ("choice", "choices"):
            usual = (
                column.default.split(",")
                if column.default
                else [one.code for one in column.choices if not one.breach][:2]
            )
            return usual if column.kind == "choices" else usual[0]
        at = timezone.localtime(by.now + (KEPT if column.ahead else -KEPT if column.code in BEFORE else timedelta(0)))
        words: dict[str, Any] = {
            "clock": f"{at:%H:%M}", "moment": at.astimezone(UTC).isoformat(), "day": at.date().isoformat(),
            "person": {"id": "", "name": "王秀兰"}, "place": {"id": "", "name": "食堂"},
        }  # fmt: skip
        return words.get(column.kind) or column.default or WORDS.get(column.code, "正常")


def concerned(column: Column, said: dict[str, Any]) -> bool:
    return any(limit.when and applies(limit, said) for limit in column.limits)


def reading(column: Column, said: dict[str, Any], chance: random.Random, *, slip: bool) -> tuple[int, bool]:
    """A reading within its limits, near the middle of what is usual; a slip lies a little outside. Whether it slipped."""
    low, high = column.plausible or (Decimal(0), Decimal(20))
    limits = [one for one in column.limits if applies(one, said)]
    least = max([low, *(one.min for one in limits if one.min is not None)])
    most = min([high, *(one.max for one in limits if one.max is not None)])
    if slip and limits and most < high:
        return int((most + (high - most) / 10) * column.per_unit), True
    share = Decimal(str(round(chance.uniform(0.25, 0.6), 2)))
    span = min(most - least, Decimal(40))
    return int((least + span * share) * column.per_unit), False
