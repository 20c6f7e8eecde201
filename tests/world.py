"""The fixed cast: small, known by name, the same in every test.

The town holds schools A and B; school C stands in another city. An keeps school A's canteen, Gao heads school A, Hu
heads school B, Bo and Bai work in the town's office (two persons for what takes two), Chen directs the other city and
must see nothing here, Du is a parent at school A, Eve audits the province, Op operates the platform. Shi cooks at
school A, Lin is a class teacher there and Wu works there as guard, caretaker and dormitory manager.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from houqin.core.grants.models import Grant
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import Kind, OrgUnit, SchoolFacts
from houqin.core.people.models import Account, ClassGroup, Guardianship, Pupil
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.flows.ledgers.definitions import forget

PASSWORD = "a-long-test-password"
NOON = datetime(2024, 3, 4, 4, 0, tzinfo=UTC)
TODAY = date(2024, 3, 4)


def make_unit(parent: OrgUnit | None, kind: str, name: str, number: int = 1, code: str = "") -> OrgUnit:
    """A unit, straight into the table."""
    path = f"{parent.path if parent else ''}{number:04d}"
    return OrgUnit.objects.create(parent=parent, kind=kind, name=name, path=path, code=code)


def make_school(town: OrgUnit, name: str, number: int, *, enrolment: int = 300, boarders: int = 100) -> OrgUnit:
    """A school with its facts."""
    school = make_unit(town, Kind.SCHOOL, name, number)
    SchoolFacts.objects.create(
        org=school, valid_from=date(2023, 9, 1), enrolment=enrolment, boarders=boarders, classes=6, school_type="小学"
    )
    return school


def make_account(username: str, name: str, role: str | None, org: OrgUnit) -> Account:
    """An account with one role at one unit."""
    account = Account(username=username, display_name=name, home=org)
    account.set_password(PASSWORD)
    account.save()
    if role:
        Grant.objects.create(account=account, role=role, org=org, from_on=date(2020, 1, 1))
    return account


@dataclass
class World:
    """The units and the cast."""

    province: OrgUnit
    city: OrgUnit
    district: OrgUnit
    town: OrgUnit
    school_a: OrgUnit
    school_b: OrgUnit
    other_city: OrgUnit
    other_town: OrgUnit
    school_c: OrgUnit
    an: Account
    gao: Account
    hu: Account
    bo: Account
    bai: Account
    chen: Account
    du: Account
    eve: Account
    op: Account
    shi: Account
    lin: Account
    wu: Account
    group: ClassGroup
    child: Pupil

    @property
    def cast(self) -> dict[str, Account]:
        """Everybody by first name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Account)}

    @property
    def system(self) -> Viewer:
        """The system itself, at noon."""
        return system_viewer(now=NOON)

    def viewer(self, name: str, now: datetime = NOON) -> Viewer:
        """How one of the cast sees it."""
        return viewer_for(getattr(self, name), now=now)


def make_world() -> World:
    """One province, two cities, three schools and everybody in their places."""
    province = make_unit(None, Kind.PROVINCE, "测试省")
    city = make_unit(province, Kind.CITY, "东城市", 1)
    district = make_unit(city, Kind.DISTRICT, "青山区", 1)
    town = make_unit(district, Kind.TOWN, "柳河镇", 1)
    school_a = make_school(town, "柳河中心小学", 1)
    school_b = make_school(town, "柳河初级中学", 2, enrolment=500, boarders=300)
    other_city = make_unit(province, Kind.CITY, "西城市", 2)
    other_district = make_unit(other_city, Kind.DISTRICT, "白水区", 1)
    other_town = make_unit(other_district, Kind.TOWN, "石桥镇", 1)
    school_c = make_school(other_town, "石桥小学", 1)
    group = ClassGroup.objects.create(org=school_a, name="三年级一班", grade="三年级", school_year=2023)
    child = Pupil.objects.create(org=school_a, class_group=group, name="杜小明", enrolled_on=date(2023, 9, 1))
    du = make_account("du", "杜家长", "guardian", school_a)
    Guardianship.objects.create(account=du, pupil=child, relation="母亲")
    return World(
        province=province,
        city=city,
        district=district,
        town=town,
        school_a=school_a,
        school_b=school_b,
        other_city=other_city,
        other_town=other_town,
        school_c=school_c,
        an=make_account("an", "安师傅", "keeper", school_a),
        gao=make_account("gao", "高校长", "principal", school_a),
        hu=make_account("hu", "胡校长", "principal", school_b),
        bo=make_account("bo", "薄主任", "office_director", town),
        bai=make_account("bai", "白干事", "office_staff", town),
        chen=make_account("chen", "陈局长", "office_director", other_city),
        du=du,
        eve=make_account("eve", "叶审计", "auditor", province),
        op=make_account("op", "运维员", "operator", province),
        shi=make_account("shi", "石师傅", "cook", school_a),
        lin=make_account("lin", "林老师", "class_teacher", school_a),
        wu=make_account("wu", "吴师傅", "worker", school_a),
        group=group,
        child=child,
    )


@pytest.fixture(autouse=True)
def _definitions_anew() -> None:
    """What one test put into the catalogue of ledgers, the next does not rely on."""
    forget()


@pytest.fixture
def world(db: None) -> World:
    """The cast in a fresh database."""
    return make_world()


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None, None, None]:
    """Rows that are made once for all tests of a module; what a test itself changes is rolled back as ever."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
