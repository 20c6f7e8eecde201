"""Findings of the demo in every state: one that climbed, one handed over to the traffic police, one person held to account."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from houqin.config.demo.morning import PIN
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account, Person
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.flows.cases.actions.accounting import (
    Sentence,
    open_accountability,
    propose_decision,
    tell_person,
    write_investigation,
)
from houqin.flows.cases.actions.leading import add_member
from houqin.flows.cases.actions.transferring import Letter, note_receipt, open_transfer, send_transfer
from houqin.flows.cases.drafting import letter_of, papers_of
from houqin.flows.rectify.actions.checking import fix_on_the_spot, pass_recheck, report_fixed, return_recheck
from houqin.flows.rectify.actions.climbing import tell_next_levels
from houqin.flows.rectify.actions.opening import Found, Heard, open_finding, report_finding
from houqin.flows.rectify.actions.ordering import (
    Five,
    answer_for_time,
    ask_for_time,
    order_rectification,
    plan_rectification,
    supervise,
)
from houqin.flows.rectify.actions.sealing import seal_off
from houqin.flows.rectify.days import is_working
from houqin.flows.rectify.models import CauseKind, Finding, Severity

TOLD_AGO = (10, 8, 6, 4, 2)  # working days before today on which the overdue one climbed


@dataclass(frozen=True)
class Story:
    """Who did what so many working days before today."""

    schools: Sequence[OrgUnit]
    office: OrgUnit
    today: date
    now: datetime

    def day(self, ago: int) -> date:
        """The working day so many before today."""
        day = self.today
        while ago:
            day -= timedelta(days=1)
            ago -= is_working(day)
        return day

    def by(self, username: str, ago: int, hour: int = 10) -> Viewer:
        """Somebody of the cast at a moment that is not ahead."""
        return viewer_for(Account.objects.get(username=username), now=self.at(ago, hour))

    def at(self, ago: int, hour: int) -> datetime:
        """An hour of a working day, never ahead."""
        return min(timezone.make_aware(datetime.combine(self.day(ago), time(hour))), self.now)


def rectify(schools: Sequence[OrgUnit], today: date, now: datetime) -> None:
    """All of it, after the month of ledgers and this morning were written."""
    town = schools[0].parent
    assert town is not None
    story = Story(schools, town, today, now)
    _own_findings(story)
    _complained(story)
    _sent_back(story)
    _handed_over(story)
    _hazard(story)
    late = _late(story)
    for ago in TOLD_AGO:
        tell_next_levels(by=system_viewer(now=story.at(ago, 10)))
    _held_to_account(story, late)


def _own_findings(story: Story) -> None:
    """What the first school found itself: to be ordered, planned, to be looked at again, closed, put right on the spot."""
    org, by = story.schools[0], story.by
    report_finding(org, by=by("teacher", 0, 7), found=Found("三楼走廊应急灯不亮"), place="教学楼三楼东侧")
    door = report_finding(
        org, by=by("director", 2), found=Found("一号冷藏柜门封条老化", severity=Severity.GENERAL, standard="门封完好，关严"),
        place="一号冷藏柜",
    )  # fmt: skip
    order_rectification(door, by=by("director", 2, 11), post="storekeeper", until=story.day(0) + timedelta(days=3))
    five = Five("换门封条，换好前食材移到冷冻柜", 18_000, "公用经费", "每两小时测一次温度，超过8℃立即转移")
    plan_rectification(door, by=by("keeper", 1), post="storekeeper", five=five, finish=story.day(0) + timedelta(days=3))
    rail = report_finding(org, by=by("director", 4), found=Found("楼梯扶手松动"), place="二号楼西楼梯")
    order_rectification(rail, by=by("director", 4, 11), post="guard", until=story.day(0) + timedelta(days=2))
    report_fixed(rail, by=by("worker", 1, 15), remark="换了两颗膨胀螺栓，摇不动了", photo=_picture("rail"))
    wet = report_finding(
        org, by=by("director", 9), found=Found("面点间地面积水", standard="地面干燥，不积水"), place="面点间", photo=_picture("wet")
    )  # fmt: skip
    order_rectification(wet, by=by("director", 9, 11), post="cook", until=story.day(0))
    report_fixed(wet, by=by("cook", 8, 9), remark="地漏疏通，地面拖干", photo=_picture("dry"))
    pass_recheck(wet, by=by("principal", 8, 16), remark="冲水试过，十分钟内流干", photo=_picture("dry"))
    lid = report_finding(org, by=by("keeper", 3), found=Found("厨余垃圾桶没有盖"), place="后门垃圾投放点")
    director = Account.objects.get(username="director")
    fix_on_the_spot(lid, by=by("keeper", 3, 11), witness=director, pin=PIN, remark="当场盖好，桶盖拴绳")


def _complained(story: Story) -> None:
    """A parent rang the district; the kindergarten says that it is put right, the district looks again."""
    heard = Heard(CauseKind.COMPLAINT, "家长来电反映", "KF-0312")
    org, found = story.schools[2], Found("午餐送到大班时已经凉了", standard="热菜供餐时中心温度不低于60℃")
    row = report_finding(org, by=story.by("district", 5), found=found, place="大班", heard=heard)
    report_fixed(row, by=story.by("principal3", 2), remark="改用保温箱分班送餐，到班测温63℃")


def _sent_back(story: Story) -> None:
    """Found by the town, put right by halves, sent back."""
    found = Found("留样冰箱没有上锁，留样标签缺餐次", severity=Severity.GENERAL, post="food-safety-officer")
    row = report_finding(story.schools[3], by=story.by("town2", 4), found=found, place="留样冰箱")
    five = Five("加锁，重印标签", 0, "", "钥匙由食品安全员和校长各一把")
    head = story.by("principal4", 3)
    plan_rectification(row, by=head, post="food-safety-officer", five=five, finish=row.due_on or story.today)
    report_fixed(row, by=story.by("keeper4", 2), remark="已上锁，标签已重印")
    return_recheck(row, by=story.by("town2", 1), remark="锁已装，早餐的标签仍没有餐次")


def _handed_over(story: Story) -> None:
    """Outside the gate lies with the traffic police: letter, receipt, no answer yet."""
    org = story.schools[1]
    found = Found("校门外面包车非法接送学生", detail="核载7人，实载13人，早晚各一趟", severity=Severity.GENERAL)
    row = report_finding(org, by=story.by("keeper2", 5), found=found, place="校门外东侧路口")
    letter = Letter(
        "traffic", "东湖区公安分局交警大队", "移送非法接送学生线索", letter_of(row), papers_of(row), "孙校长"
    )
    case = open_transfer(org, by=story.by("principal2", 5, 14), letter=letter, finding=row)
    send_transfer(case, by=story.by("principal2", 4), how="hand", on=story.day(4))
    note_receipt(case, by=story.by("principal2", 3), number=f"东公交收〔{story.today.year}〕18号", on=story.day(3))


def _hazard(story: Story) -> None:
    """A serious hazard: sealed off, under the district's eyes, with more time granted."""
    org, district = story.schools[6], story.by("district", 3)
    found = Found(
        "冷冻柜外壳漏电", severity=Severity.SERIOUS, standard="金属外壳可靠接地，漏电保护有效", post="principal"
    )
    row = report_finding(org, by=district, found=found, place="冷冻柜")
    freezer = Place.objects.in_use().get(org=org, name="冷冻柜")
    seal_off(row, by=district, stopped=freezer, reason="外壳带电，修好前不得使用")
    assert story.office.parent is not None
    supervise(row, by=story.by("district", 3, 11), unit=story.office.parent, reason="触电风险")
    until = story.today + timedelta(days=4)
    ask_for_time(row, by=story.by("principal7", 2), until=until, reason="厂家周内上门更换漏电保护器，柜已停用")
    answer_for_time(row, by=story.by("district", 2, 15), grant=True, answer="停用期间同意，修好后由我科复查")


def _late(story: Story) -> Finding:
    """The same was found and closed in spring; now it is overdue."""
    org = story.schools[4]
    found = Found(
        "食材直接堆放在地面", severity=Severity.GENERAL, standard="隔墙离地存放，离地不少于10厘米", post="canteen-manager",
        topic="canteen-food-safety.shelf",
    )  # fmt: skip
    more: dict[str, Any] = {"found": found, "place": "主食库", "unit": story.office, "ordered": True}
    five = Five("购置货架两组", 60_000, "公用经费", "到货前用垫板架空")
    first = open_finding(org, by=story.by("town", 44), **more)
    plan_rectification(
        first, by=story.by("principal5", 43), post="canteen-manager", five=five, finish=first.due_on or story.today
    )
    report_fixed(first, by=story.by("keeper5", 41), remark="货架已装")
    pass_recheck(first, by=story.by("town2", 40), remark="已上架")
    return open_finding(org, by=story.by("town", 16), **more)


def _held_to_account(story: Story, late: Finding) -> None:
    """The town asks who answers for it: investigated by one, proposed, told; the person may still state their case."""
    late.refresh_from_db()
    org = story.schools[4]
    person = Person.objects.filter(org=org).order_by("pk").first()
    assert person is not None
    case = open_accountability(
        org, by=story.by("town", 3), person=person, post="canteen-manager", cause="overdue", title="食材落地存放逾期未改",
        finding=late,
    )  # fmt: skip
    add_member(case, by=story.by("town", 3, 11), account=Account.objects.get(username="town2"))
    write_investigation(
        case, by=story.by("town2", 2), facts="货架已到货八天未安装，期间两次提醒。", evidence="送货单、现场照片、提醒记录",
        asked="食堂管理员本人、吴校长",
    )  # fmt: skip
    propose_decision(case, by=story.by("town2", 2, 15), sentence=Sentence(["talk"], "学校后勤责任追究制度"))
    tell_person(case, by=story.by("town2", 1), how="当面送达，本人签收")


def _picture(what: str) -> SimpleUploadedFile:
    """A plain drawing in place of a photo: tiles with a puddle, dry tiles, a railing."""
    image = Image.new("RGB", (640, 480), (214, 208, 196))
    pen = ImageDraw.Draw(image)
    for step in range(0, 640, 80):
        pen.line((step, 0, step, 480), fill=(170, 165, 155), width=3)
        pen.line((0, step, 640, step), fill=(170, 165, 155), width=3)
    if what == "wet":
        pen.ellipse((150, 180, 520, 400), fill=(120, 160, 190), outline=(90, 130, 165), width=4)
    if what == "rail":
        pen.line((40, 120, 600, 120), fill=(110, 80, 50), width=22)
        for step in range(60, 600, 90):
            pen.line((step, 120, step, 420), fill=(90, 90, 95), width=12)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80)
    return SimpleUploadedFile(f"{what}.jpg", kept.getvalue(), "image/jpeg")
