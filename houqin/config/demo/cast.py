"""The units and accounts of the demo. All names are invented."""

from dataclasses import dataclass
from typing import Any

from houqin.core.grants.models import Grant
from houqin.core.people.models import Account

PASSWORD = "houqin-demo"  # noqa: S105 - public on purpose, printed by the command and written in the README
PROVINCE = "楚南省"
TOWN_PATH = f"{PROVINCE}/云梦市/东湖区/青石镇"
OTHER_PATH = f"{PROVINCE}/云梦市/西岭区/白马镇"


@dataclass(frozen=True)
class School:
    """A school of the demo: name, type, code, pupils, boarders, classes, staff."""

    name: str
    kind: str
    code: str
    enrolment: int
    boarders: int
    classes: int
    staff: int
    mode: str = "own"
    head: str = "赵校长"


SCHOOLS = (
    School("青石中心小学", "小学", "2142900001", 412, 156, 12, 34, head="钱校长"),
    School("青石初级中学", "初级中学", "3142900002", 538, 402, 12, 52, head="孙校长"),
    School("青石中心幼儿园", "幼儿园", "1142900003", 138, 0, 6, 21, "contracted", "李园长"),
    School("柳溪小学", "小学", "2142900004", 236, 88, 6, 18, head="周校长"),
    School("石塘小学", "小学", "2142900005", 187, 64, 6, 16, head="吴校长"),
    School("黄荆小学", "小学", "2142900006", 121, 57, 6, 13, head="郑校长"),
    School("云岭小学", "小学", "2142900007", 64, 31, 6, 9, head="王校长"),
)
OTHER_SCHOOL = School("白马中心小学", "小学", "2142900008", 305, 90, 6, 24, head="冯校长")
FIRST = SCHOOLS[0].name


@dataclass(frozen=True)
class Part:
    """One account: user name, shown name, role, and the unit by name."""

    username: str
    name: str
    role: str
    unit: str


PARTS = (
    Part("operator", "平台运维员", "operator", PROVINCE),
    Part("province", "省级审计员", "auditor", PROVINCE),
    Part("district", "区教育局后勤科", "office_director", "东湖区"),
    Part("town", "镇中心学校主任", "office_director", "青石镇"),
    Part("town2", "镇中心学校干事", "office_staff", "青石镇"),
    Part("principal", "钱校长", "principal", FIRST),
    Part("director", "总务主任", "logistics_director", FIRST),
    Part("keeper", "食堂保管员", "keeper", FIRST),
    Part("cook", "厨师长", "cook", FIRST),
    Part("teacher", "三年级一班班主任", "class_teacher", FIRST),
    Part("worker", "门卫兼宿管", "worker", FIRST),
    Part("parent", "学生家长", "guardian", FIRST),
    *(
        Part(f"principal{number}", school.head, "principal", school.name)
        for number, school in enumerate(SCHOOLS[1:], 2)
    ),
    *(Part(f"keeper{number}", "食堂管理员", "keeper", school.name) for number, school in enumerate(SCHOOLS[1:], 2)),
    Part("stranger", "西岭区教育局", "office_director", "西岭区"),
)


@dataclass(frozen=True)
class DemoAccount:
    """What the command prints: who can sign in, as what, where."""

    username: str
    password: str
    role: Any
    org: str


def accounts() -> list[DemoAccount]:
    """The demo accounts in this database, in the order of the cast; empty when there is no demo."""
    order = {part.username: number for number, part in enumerate(PARTS)}
    grants = Grant.objects.filter(account__in=Account.objects.filter(is_demo=True), to_on__isnull=True)
    found = [
        DemoAccount(grant.account.username, PASSWORD, grant.kind.title, grant.org.name)
        for grant in grants.select_related("account", "org")
    ]
    return sorted(found, key=lambda one: order.get(one.username, len(order)))
