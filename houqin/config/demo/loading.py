"""Loading the demo, through the same verbs as everything else."""

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.iso7064 import mod_11_10

from houqin.config.demo import environment, inspections, kitchen, month, morning, premises, rectify
from houqin.config.demo.cast import OTHER_PATH, OTHER_SCHOOL, PARTS, PASSWORD, SCHOOLS, TOWN_PATH, School
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.grants.actions import give_grant
from houqin.core.orgs.actions import ensure_path, open_unit, record_school_facts
from houqin.core.orgs.models import CanteenMode, Kind, OrgUnit
from houqin.core.parties.actions import record_party
from houqin.core.people.actions.accounts import link_person, open_account, record_guardian
from houqin.core.people.actions.pupils import PupilLine, enrol_pupils
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.models import Account, Person, Pupil
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Channel, Viewer, system_viewer
from houqin.core.subjects.finding import subject_of_person
from houqin.flows.credentials.actions.recording import record_credential
from houqin.flows.indicators.storing import fill
from houqin.modules.canteen.actions.live import record_headcount
from houqin.modules.canteen.actions.paper import record_from_paper
from houqin.modules.canteen.actions.registering import register_canteen
from houqin.modules.canteen.models import Meal
from houqin.modules.canteen.rules.paper import PaperBook, PaperDelivery, PaperIssue

Report = Callable[[int, int, str], None]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = ("子涵", "欣怡", "宇轩", "雨桐", "梓萱", "浩然", "思远", "诗涵", "俊杰", "佳琪", "明轩", "雅婷", "家豪", "语嫣")
POSTS = ("食堂管理员", "食品安全员", "采购员", "验收员", "保管员", "厨师", "帮厨", "公寓管理员", "保安", "保洁员")
COUNTED_DAYS = 5
FIGURED_DAYS = 92
KITCHEN_POSTS = 7
PAPERS_OF = {"公寓管理员": ("dormitory-training", "conduct-check"), "保安": ("guard-certificate", "conduct-check")}
DAYS_LEFT = {"石塘小学": -6, "柳溪小学": 12}
CATERER = "楚味餐饮管理有限公司"


def load(*, report: Report = lambda done, total, message: None, today: date | None = None) -> None:
    """Load the demo into this database; refuses when it is there already."""
    if Account.objects.filter(is_demo=True).exists():
        raise Refused(_("The demo is loaded already. Remove it first: houqin demo --remove"))
    now = timezone.now() if today is None else timezone.make_aware(datetime.combine(today, time(12)))
    day = today or timezone.localdate()
    by = system_viewer(channel=Channel.CLI)
    days = kitchen.school_days(day)
    ahead = [*days, *({day, *morning.coming(day)} - set(days))]
    ahead.sort()
    stages = 8
    report(0, stages, _("Units and people"))
    load_catalogues(by=by)
    town = ensure_path(TOWN_PATH, by=by, is_demo=True)
    other = ensure_path(OTHER_PATH, by=by, is_demo=True)
    schools = [_school(town, school, days[0], by) for school in SCHOOLS]
    _school(other, OTHER_SCHOOL, days[0], by)
    morning.calendar(town, day, by)
    report(1, stages, _("Accounts"))
    _accounts(by)
    report(2, stages, _("A term of deliveries and meals"))
    pairs = list(zip(SCHOOLS, schools, strict=True))
    for school, org in pairs:
        premises.furnish(org, school, day, by)
    book = PaperBook(
        deliveries=tuple(
            one
            for s, org in pairs
            for one in kitchen.deliveries(s, org.pk, ahead)
            if _on_paper(one, org, schools[0], days, day)
        ),
        issues=tuple(
            one
            for s, org in pairs
            for one in kitchen.issues(s, org.pk, days)
            if _on_paper(one, org, schools[0], days, day)
        ),
        menus=tuple(kitchen.menus(town.pk, ahead)),
    )
    record_from_paper(town, by=by, book=book)
    report(3, stages, _("Headcounts"))
    _count_heads(schools, days[-COUNTED_DAYS:], by)
    report(4, stages, _("A recall drill"))
    _drill(town, days)
    report(5, stages, _("A month of duties and ledgers"))
    with transaction.atomic():
        month.month(schools, day, now, told=morning.told(days, day))
        environment.environment(schools, now)
    report(6, stages, _("This morning"))
    morning.morning(schools[0], days, day, now=now)
    with transaction.atomic():
        rectify.rectify(schools, day, now)
        inspections.inspections(schools, day, now)
    report(7, stages, _("Figures of the last days"))
    fill(day - timedelta(days=FIGURED_DAYS), day - timedelta(days=1))
    report(stages, stages, "")


def _on_paper(row: PaperDelivery | PaperIssue, org: OrgUnit, live: OrgUnit, days: list[date], today: date) -> bool:
    """What has happened on a day of cooking; the one school that works live writes nothing on paper today."""
    return row.day in days and (row.day < today or org != live)


def _school(town: OrgUnit, school: School, first: date, by: Viewer) -> OrgUnit:
    org = open_unit(
        town, by=by, kind=Kind.SCHOOL, name=school.name, code=school.code, opened_on=date(2000, 1, 1), is_demo=True
    )
    record_school_facts(
        org, by=by, valid_from=first, school_type=school.kind, classes=school.classes, enrolment=school.enrolment,
        boarders=school.boarders, staff=school.staff, canteen_mode=school.mode, principal_name=school.head,
        phone=f"0710-28{school.code[-5:]}",
    )  # fmt: skip
    chance = random.Random(school.code)  # noqa: S311
    lines = [RosterLine(_name(chance), post=post, sex=chance.choice("fm"), birth_year=1965 + chance.randint(0, 35))
             for post in POSTS]  # fmt: skip
    lines.append(RosterLine(school.head, post="校长", birth_year=1972))
    _certificates(school, record_roster(org, by=by, lines=lines, from_on=first), by)
    grade = "大中小" if school.kind == "幼儿园" else "七八九" if school.kind == "初级中学" else "一二三四五六"
    unit = "班" if school.kind == "幼儿园" else "年级"
    groups = [
        (f"{grade[n % len(grade)]}{unit}", f"{grade[n % len(grade)]}{unit}{'一二三四'[n // len(grade)]}班")
        for n in range(school.classes)
    ]
    pupils = [
        PupilLine(_name(chance), class_name=groups[n % len(groups)][1], grade=groups[n % len(groups)][0],
                  sex=chance.choice("fm"), is_boarder=n < school.boarders)
        for n in range(school.enrolment)
    ]  # fmt: skip
    enrol_pupils(org, by=by, lines=pupils, enrolled_on=first)
    caterer = record_party(town, by=by, name=CATERER) if school.mode == CanteenMode.CONTRACTED else None
    serial = f"342060{school.code[-7:]}"
    register_canteen(
        org, by=by, valid_from=first, mode=school.mode, caterer=caterer, seats=school.enrolment // 2,
        licence_number=f"JY{serial}{mod_11_10.calc_check_digit(serial)}", licence_until=date(first.year + 3, 8, 31),
        area_m2=120 + school.enrolment // 2, serves_breakfast=school.boarders > 0, serves_dinner=school.boarders > 0,
        nutrition_plan=school.kind != "幼儿园",
    )  # fmt: skip
    return org


def _certificates(school: School, people: Sequence[Person], by: Viewer) -> None:
    """What each post asks for. One health certificate has run out at one school, one soon does at another."""
    chance = random.Random(f"papers {school.code}")  # noqa: S311
    for number, person in enumerate(people[:KITCHEN_POSTS]):
        left = chance.randint(40, 330)
        if number == KITCHEN_POSTS - 1:
            left = DAYS_LEFT.get(school.name, left)
        until = by.today + timedelta(days=left)
        record_credential(
            subject_of_person(person), by=by, kind="health-certificate", number=f"鄂健{school.code[-4:]}{number:03d}",
            issued_on=until - timedelta(days=364), expires_on=until, from_paper=True,
        )  # fmt: skip
    for number, (person, post) in enumerate(zip(people[: len(POSTS)], POSTS, strict=True)):
        for kind in PAPERS_OF.get(post, ()):
            record_credential(
                subject_of_person(person), by=by, kind=kind, number=f"{school.code[-4:]}{number:03d}",
                issued_on=by.today - timedelta(days=chance.randint(30, 200)), from_paper=True,
            )  # fmt: skip


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + chance.choice(GIVEN)


def _accounts(by: Viewer) -> None:
    units = {unit.name: unit for unit in OrgUnit.objects.filter(is_demo=True)}
    for part in PARTS:
        unit = units[part.unit]
        account, _first = open_account(
            unit, by=by, username=part.username, display_name=part.name, password=PASSWORD, is_demo=True
        )
        give_grant(account, by=by, role=part.role, org=unit, from_on=date(2000, 1, 1))
        if part.role == "principal":
            link_person(account, by=by, person=Person.objects.get(org=unit, name=part.name))
        if part.role == "guardian":
            child = Pupil.objects.filter(org=unit).order_by("pk").first()
            assert child is not None
            record_guardian(child, by=by, account=account, relation="母亲")


def _count_heads(schools: list[OrgUnit], days: list[date], by: Viewer) -> None:
    """Whole-school counts of the last days, so that a trace shows counted and estimated figures side by side."""
    names = {org.pk: school for org, school in zip(schools, SCHOOLS, strict=True)}
    for meal in Meal.objects.filter(org__in=schools, day__in=days).select_related("org"):
        record_headcount(meal, by=by, counts={None: kitchen.heads(names[meal.org_id], meal.kind, meal.day)})


def _drill(town: OrgUnit, days: list[date]) -> None:
    """A drill that ran three school days ago, and one that waits for its second person."""
    from houqin.config.demo.drill import prepare_drill, run_drill

    moment = timezone.make_aware(datetime.combine(days[-min(3, len(days))], time(14, 5)))
    run_drill(town, days[-min(6, len(days))], start=moment)
    prepare_drill(town, days[-1], now=timezone.now() - timedelta(minutes=4))
