"""A campaign of the demo, drawn: one visit signed with findings, one still planned; a self-check that scores a contracted
service; areas with their rounds."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from houqin.config.demo.rectify import Story
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.actions.answering import Given, answer_items
from houqin.modules.inspections.actions.contracts import agree_service
from houqin.modules.inspections.actions.drawing import commit_draw, draw
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.planning import Brief, plan_campaign, start_campaign
from houqin.modules.inspections.actions.rounds import ask_round
from houqin.modules.inspections.actions.signing import Sign, sign_visit
from houqin.modules.inspections.actions.visiting import begin_visit, plan_visit
from houqin.modules.inspections.asked import THOUSAND, asked_of
from houqin.modules.inspections.items import Item
from houqin.modules.inspections.models import CampaignKind, Signature, Visit

PLANNED, INSPECTED, CHECKED = 8, 5, 3  # working days ago
DRAWN = 2
WRONG = {
    "extinguishers": ("二楼东侧", "两具灭火器压力不足"), "pests": ("食堂后门", "挡鼠板缺一块"),
    "plan": ("", "演练计划没有写到月"),
}  # fmt: skip
AT_HOME = {"c-stairs": "1", "c-tools": "拖把与抹布混放"}
FEES = {"cleaning": ("洁净物业服务部", 860_000), "guards": ("东湖保安服务公司", 1_240_000)}
STEPS = [(90, 0), (80, 2), (60, 5), (0, 10)]
ROUNDS = (("gate", "surroundings", "month"), ("store-room", "area-hazards", "month"))


def inspections(schools: Sequence[OrgUnit], today: date, now: datetime) -> None:
    """All of it, after findings of other sources were written."""
    town = schools[0].parent
    assert town is not None
    story = Story(schools, town, today, now)
    _campaign(story)
    _self_check(story)
    for use, checklist, every in ROUNDS:
        ask_round(
            town, by=story.by("town", 0, 8), use=use, checklist=checklist, every=every, why="安全隐患排查责任区制度"
        )


def _campaign(story: Story) -> None:
    by = story.by("town", PLANNED, 9)
    for name in ("town", "town2"):
        register_inspector(story.office, by=by, account=Account.objects.get(username=name))
    first, last = story.day(PLANNED), story.today + timedelta(days=10)
    brief = Brief(
        CampaignKind.TERM_OPENING, f"{story.today.year}年开学综合检查", ["term-opening"], first, last,
        basis="湖北省学校后勤工作办公室2018年工作要点",
    )  # fmt: skip
    running = start_campaign(plan_campaign(story.office, by=by, brief=brief), by=by)
    draw(commit_draw(running, by=by, wanted=DRAWN), by=by)
    visit = Visit.objects.filter(campaign=running).select_related("org").earliest("planned_on", "pk")
    _filled(visit, story.by("town", INSPECTED), WRONG, "镇中心学校主任", f"{visit.org.name}校长")


def _self_check(story: Story) -> None:
    """The school scores the firms that work for it; what it finds counts for it."""
    school, by = story.schools[0], story.by("principal", CHECKED)
    for service, (firm, fee) in FEES.items():
        agree_service(
            school, by=by, service=service, firm=firm, fee_fen=fee, steps=STEPS, from_on=story.day(PLANNED),
            until_on=story.today + timedelta(days=300),
        )  # fmt: skip
    visit = plan_visit(school, by=by, office=school, kind=CampaignKind.SELF, lists=["property"], planned_on=by.today)
    _filled(visit, by, {code: ("", words) for code, words in AT_HOME.items()}, "钱校长", "总务主任")


def _filled(visit: Visit, by: Viewer, wrong: Mapping[str, tuple[str, str]], ours: str, theirs: str) -> None:
    """Everything in order but what is named, signed by both sides."""
    row = begin_visit(visit, by=by)
    given = [
        _given(one.code, item, wrong.get(item.code), by.moment) for one in asked_of(row, by.today) for item in one.items
    ]
    answer_items(row, by=by, answers=given)
    signs = [
        Sign(Signature.Side.INSPECTORS, ours, _drawn(ours)),
        Sign(Signature.Side.SCHOOL, theirs, _drawn(theirs)),
    ]
    sign_visit(row, by=by, signs=signs)


def _given(checklist: str, item: Item, wrong: tuple[str, str] | None, at: datetime) -> Given:
    place, words = wrong or ("", "")
    if item.kind == "graded":
        level = item.levels - 1 if wrong is None else int(words) if words.isdigit() else 0
        return Given(checklist, item.code, level=level, remark="" if words.isdigit() else words, at=at)
    if item.kind == "measured":
        bound = item.limits[0].max if item.limits[0].min is None else item.limits[0].min
        return Given(checklist, item.code, value=int(Fraction(bound or 0) * THOUSAND), at=at)
    told = words if wrong else "" if item.photo is None else "证照原件已当面核对，未拍照"
    return Given(checklist, item.code, outcome="failed" if wrong else "ok", place=place, remark=told, at=at)


def _drawn(name: str) -> SimpleUploadedFile:
    """A name as it is drawn on a screen, more or less."""
    image = Image.new("RGB", (360, 140), "white")
    pen, x = ImageDraw.Draw(image), 30
    for letter in name[:4]:
        turn = ord(letter) % 40
        pen.line([(x, 90), (x + 20, 30 + turn), (x + 35, 100 - turn), (x + 60, 60)], fill=(20, 20, 30), width=4)
        x += 70
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return SimpleUploadedFile("signature.png", kept.getvalue(), "image/png")
