"""Who works and learns at a unit, and who signs in: all invented."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from benchmarks.province.copying import Rows
from benchmarks.province.dice import Dice, Ids
from benchmarks.province.tree import SINCE, Office, Place
from houqin.config.demo.loading import GIVEN, SURNAMES
from houqin.core.grants.models import Grant
from houqin.core.people.models import Account, ClassGroup, Person, Post, PostHolding, Pupil
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.models import Credential

NO_PASSWORD = "!benchmark"
POSTS = (
    ("principal", "校长", "principal"), ("logistics-director", "后勤主任", "director"), ("food-safety-officer", "食品安全员", ""),
    ("canteen-manager", "食堂管理员", "keeper"), ("storekeeper", "保管员", ""), ("cook", "厨师", "cook"), ("kitchen-hand", "帮厨", ""),
    ("class-teacher", "班主任", "teacher"), ("guard", "保安", "worker"), ("dorm-manager", "公寓管理员", ""),
)  # fmt: skip
ROLES = {
    "principal": "principal", "director": "logistics_director", "keeper": "keeper", "cook": "cook", "teacher": "class_teacher",
    "worker": "worker",
}  # fmt: skip
IN_OFFICES = (("director", "office_director"), ("staff", "office_staff"))
AT_THE_TOP = (*IN_OFFICES, ("auditor", "auditor"), ("operator", "operator"))
HANDLE_FOOD = frozenset({"food-safety-officer", "canteen-manager", "storekeeper", "cook", "kitchen-hand"})
PAPERS = {
    "guard": "guard-certificate",
    "dorm-manager": "dormitory-training",
    "food-safety-officer": "food-safety-officer",
}
A_YEAR = 365
EXPIRED = 0.01  # of health certificates
FROM = date(2020, 1, 1)


@dataclass(frozen=True)
class Someone:
    """Somebody as ledgers name them."""

    pk: int
    public_id: UUID
    name: str


@dataclass
class Staff:
    """Who works at a school: accounts by role, and who handles food."""

    accounts: dict[str, Someone] = field(default_factory=dict)
    food: list[Someone] = field(default_factory=list)


def named(dice: Dice) -> str:
    """A name."""
    return dice.choice(SURNAMES) + dice.choice(GIVEN)


def write_staff(rows: Rows, ids: Ids, school: Place, until: date) -> Staff:
    """Persons, their posts, accounts, grants and certificates."""
    dice, staff = school.dice("staff"), Staff()
    for kind, title, account in POSTS:
        if kind == "dorm-manager" and not school.boarders:
            continue
        who = Someone(ids.next(Person), dice.uuid7(SINCE), named(dice))
        rows.add(
            Person, id=who.pk, public_id=who.public_id, org_id=school.pk, name=who.name, sex=dice.choice("fm"),
            birth_year=1965 + dice.randint(0, 35),
        )  # fmt: skip
        post = ids.next(Post)
        rows.add(Post, id=post, org_id=school.pk, kind=kind, title=title)
        rows.add(PostHolding, id=ids.next(PostHolding), post_id=post, person_id=who.pk, from_on=FROM)
        if kind in HANDLE_FOOD:
            staff.food.append(who)
        if account:
            staff.accounts[account] = _account(
                rows, ids, dice, f"{account}{school.number + 1}", who.name, ROLES[account], school.pk, who.pk
            )
        _papers(rows, ids, dice, school, who, kind, until)
    return staff


def write_office_staff(rows: Rows, ids: Ids, seed: int, office: Office) -> Someone:
    """Who signs in at an office; who heads it."""
    found = []
    for job, role in AT_THE_TOP if office.parent is None else IN_OFFICES:
        dice = Dice(seed, office.pk, job)
        found.append(_account(rows, ids, dice, f"{office.kind}-{job}{office.pk}", named(dice), role, office.pk, None))
    return found[0]


def _account(
    rows: Rows, ids: Ids, dice: Dice, username: str, name: str, role: str, org: int, person: int | None
) -> Someone:
    who = Someone(ids.next(Account), dice.uuid7(SINCE), name)
    rows.add(
        Account, id=who.pk, public_id=who.public_id, username=username, display_name=name, home_id=org, person_id=person,
        password=NO_PASSWORD, opened_at=SINCE,
    )  # fmt: skip
    rows.add(Grant, id=ids.next(Grant), account_id=who.pk, role=role, org_id=org, from_on=FROM)
    return who


def _papers(rows: Rows, ids: Ids, dice: Dice, school: Place, who: Someone, kind: str, until: date) -> None:
    """A health certificate with the one before it, and what the post asks for."""
    asked = [("health-certificate", A_YEAR)] if kind in HANDLE_FOOD else []
    asked += [(PAPERS[kind], 3 * A_YEAR)] if kind in PAPERS else []
    if not asked:
        return
    subject = ids.next(Subject)
    rows.add(
        Subject,
        id=subject,
        public_id=dice.uuid7(SINCE),
        kind="person",
        org_id=school.pk,
        label=who.name,
        person_id=who.pk,
    )
    for paper, lasts in asked:
        left = dice.randint(-20, -1) if dice.random() < EXPIRED else dice.randint(1, lasts - 1)
        ends, before = until + timedelta(days=left), None
        for expires in (ends - timedelta(days=lasts), ends):
            one = ids.next(Credential)
            rows.add(
                Credential, id=one, public_id=dice.uuid7(SINCE), org_id=school.pk, holder_id=subject, kind=paper,
                number=f"鄂{dice.randint(10**8, 10**9 - 1)}", issued_on=expires - timedelta(days=lasts - 1), expires_on=expires,
                issuer="疾病预防控制中心", recorded_at=SINCE, renews_id=before,
            )  # fmt: skip
            before = one


def write_pupils(rows: Rows, ids: Ids, school: Place, first: date) -> None:
    """Classes and who learns in them. A child is a name, a class and whether it boards; nothing more is kept."""
    dice = school.dice("pupils by name")
    year = first.year if first.month >= 8 else first.year - 1
    groups = []
    for grade, name in school.classes:
        groups.append(ids.next(ClassGroup))
        rows.add(ClassGroup, id=groups[-1], org_id=school.pk, name=name, grade=grade, school_year=year)
    enrolled = date(year, 9, 1)
    for number in range(school.pupils):
        rows.add(
            Pupil, id=ids.next(Pupil), public_id=dice.uuid7(SINCE), org_id=school.pk, class_group_id=groups[number % len(groups)],
            name=named(dice), sex="fm"[dice.getrandbits(1)], is_boarder=number < school.boarders, enrolled_on=enrolled,
        )  # fmt: skip


def moment(day: date, minutes: int) -> datetime:
    """Minutes after local midnight of a day (UTC+8, no summer time)."""
    return _NIGHT + timedelta(days=day.toordinal() - _NIGHT_DAY, minutes=minutes)


_NIGHT = SINCE - timedelta(hours=8)
_NIGHT_DAY = SINCE.date().toordinal()
