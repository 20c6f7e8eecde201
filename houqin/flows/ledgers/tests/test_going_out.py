"""What leaves the ledgers: a superior's file holds the same figures, the public extract holds no person."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pydantic import ValidationError
from python_calamine import CalamineWorkbook

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.models import Person
from houqin.core.policies.actions import set_policy
from houqin.flows.ledgers.actions import amend_entry, record_entry
from houqin.flows.ledgers.definitions import resolved
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.out.publishing import published
from houqin.flows.ledgers.out.templates import UploadTemplate
from houqin.flows.ledgers.out.uploads import content, rows_of, template_of, templates
from houqin.flows.ledgers.policies import PUBLISH
from tests.world import NOON, TODAY, World

pytestmark = pytest.mark.django_db
CLEAN: dict[str, Any] = {
    "items": ["trays", "bowls"], "quantity": 320, "method": "steam", "temperature": 1020, "began": "11:00", "minutes": 15,
    "stored": True,
}  # fmt: skip


@pytest.fixture
def school(world: World) -> World:
    """School A with the ledgers that Houqin ships, and a cook."""
    translation.activate("zh-hans")
    load_catalogues(by=world.system)
    Person.objects.create(org=world.school_a, name="王小兰")
    return world


def wash(world: World, slot: str = "lunch", day: int = 0, **changed: Any) -> LedgerEntry:
    """A batch of tableware."""
    return record_entry(
        world.school_a, by=world.viewer("shi", NOON + timedelta(days=day)), ledger="tableware-disinfection", slot=slot,
        values=CLEAN | changed,
    )  # fmt: skip


def check_morning(world: World) -> LedgerEntry:
    """A morning on which the cook has a fever."""
    cook = Person.objects.get(name="王小兰")
    line = {
        "line": {"id": str(cook.public_id), "name": cook.name}, "symptoms": ["fever"], "temperature": 382, "attire": True,
        "result": "off_post", "remark": "回家休息",
    }  # fmt: skip
    return record_entry(world.school_a, by=world.viewer("an"), ledger="staff-morning-check", values={}, lines=[line])


def test_the_superiors_file_holds_the_same_figures(school: World) -> None:
    wrong = wash(school, quantity=3200)
    amend_entry(wrong, by=school.viewer("shi"), why="多打一个零", values=CLEAN)
    wash(school, "dinner", method="chlorine", temperature=None, concentration=300, minutes=8)
    template = template_of("example-tableware", TODAY)
    body = content(template, rows_of(template, school.school_a, TODAY, TODAY, school.viewer("gao")))
    rows = list(csv.reader(StringIO(body.decode("gb18030"))))
    assert rows[0] == [column.title for column in template.columns]
    told = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [(row["日期"], row["餐次"], row["数量"], row["方式代码"]) for row in told] == [
        ("2024/03/04", "中", "320", "1"),
        ("2024/03/04", "晚", "320", "4"),
    ]
    assert [(row["温度"], row["浓度"], row["时长"], row["保洁"], row["数据来源"]) for row in told] == [
        ("102", "", "15", "是", "台账导出"),
        ("", "300", "8", "是", "台账导出"),
    ]


def test_a_workbook_has_the_platforms_sheet_heading_and_lines(school: World) -> None:
    check_morning(school)
    template = template_of("example-morning-check", TODAY)
    body = content(template, rows_of(template, school.school_a, TODAY, TODAY, school.viewer("gao")))
    book = CalamineWorkbook.from_filelike(BytesIO(body))
    rows = book.get_sheet_by_name("晨检").to_python()
    assert rows[0][0] == "食堂从业人员晨检记录导入模板"
    told = dict(zip(rows[1], rows[2], strict=True))
    assert (told["序号"], told["姓名"], told["体温"], told["症状"], told["检查结果"]) == (
        1,
        "王小兰",
        38.2,
        "发热",
        "不合格",
    )
    hidden = rows_of(template, school.school_a, TODAY, TODAY, school.viewer("bo"))
    assert "王小兰" not in str(hidden)
    assert "38.2" not in str(hidden)


def test_every_shipped_template_fits_its_ledger_and_says_that_it_is_an_example(school: World) -> None:
    found = templates(TODAY)
    assert len(found) >= 2
    for template in found:
        held = resolved(template.ledger, school.school_a, TODAY)
        head = {column.code for column in held.columns}
        inner = {column.code for column in held.lines.columns} if held.lines else set()
        for column in template.columns:
            kind, _dot, code = column.takes.partition(".")
            assert not code or kind == "school" or code in (head if kind == "value" else inner), column.title
        assert template.is_example
        assert template.confidence == "C"


@pytest.mark.parametrize(
    "columns", [[{"title": "x"}], [{"title": "x", "takes": "salary"}], [{"title": "x", "takes": "line.core"}]]
)
def test_a_template_that_cannot_be_filled_is_no_template(columns: list[dict[str, str]]) -> None:
    body = {
        "code": "x", "title_zh": "x", "title_en": "x", "source": "x", "confidence": "A", "ledger": "x", "platform_zh": "x",
        "platform_en": "x", "columns": columns,
    }  # fmt: skip
    with pytest.raises(ValidationError):
        UploadTemplate.model_validate(body)


def test_the_file_is_downloaded_for_one_school_and_a_period(school: World) -> None:
    wash(school)
    client = Client()
    client.force_login(school.gao)
    address = reverse("ledgers:upload-file", args=["example-tableware"])
    answer = client.get(address, {"first": "2024-03-01", "last": "2024-03-31"})
    assert answer.status_code == 200
    assert "example" not in answer["Content-Disposition"]
    assert "320" in answer.content.decode("gb18030")
    assert client.get(address, {"first": "2024-03-31", "last": "2024-03-01"}).status_code == 409
    assert client.get(address, {"first": "2020-03-31", "last": "2024-03-01"}).status_code == 409
    assert client.get(reverse("ledgers:upload-file", args=["nothing"])).status_code == 404
    client.force_login(school.hu)
    assert "320" not in client.get(address, {"first": "2024-03-01", "last": "2024-03-31"}).content.decode("gb18030")


def publish(world: World, family: str = "canteen") -> None:
    set_policy(world.town, by=world.viewer("bo"), code=PUBLISH[family], value=True, reason="阳光食堂")


def test_nothing_is_public_until_a_rule_says_so(school: World) -> None:
    wash(school)
    address = reverse("ledgers:public", args=[school.school_a.public_id])
    assert Client().get(address).status_code == 404
    publish(school)
    assert Client().get(address).status_code == 200
    assert Client().get(reverse("ledgers:public", args=[school.town.public_id])).status_code == 404


def test_the_extract_holds_figures_and_no_person(school: World) -> None:
    wash(school)
    wash(school, "dinner", day=-40)
    check_morning(school)
    publish(school)
    found = {one.title: one for one in published(school.school_a, TODAY, school.system)}
    washed, checked = found["餐饮具清洗消毒记录表"], found["食堂从业人员晨检记录表"]
    assert (washed.entries, washed.days) == (1, 1)
    assert "320" in washed.rows[0][2]
    assert checked.rows[0][2] == ("暂停上岗 1",)
    told = str([one.rows for one in found.values()])
    assert "王小兰" not in told
    assert "38.2" not in told
    assert "发热" not in told
    assert not any("访" in title for title in found)


def test_the_extract_costs_the_same_for_one_entry_and_for_many(school: World) -> None:
    publish(school)
    wash(school)
    published(school.school_a, TODAY, school.system)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            published(school.school_a, TODAY, school.system)
        return len(seen)

    few = queries()
    for number in range(12):
        wash(school, quantity=300 + number)
    assert queries() == few


def test_the_page_of_the_school_names_address_and_state(school: World) -> None:
    client = Client()
    client.force_login(school.gao)
    before = client.get(reverse("ledgers:published")).content.decode()
    publish(school)
    after = client.get(reverse("ledgers:published")).content.decode()
    address = reverse("ledgers:public", args=[school.school_a.public_id])
    assert address not in before
    assert address in after
    assert "<svg" in after
