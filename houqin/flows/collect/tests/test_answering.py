"""A school confirms what is known, types the rest once, and may take it back; the office takes it over or sends it back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.notices.models import Notice
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.collect.actions import (
    Col,
    acknowledge_notice,
    answer_notice,
    ask_for_time,
    decide_time,
    send_back,
    take_all,
    take_over,
    withdraw_answer,
)  # fmt: skip
from houqin.flows.collect.models import Cell, Kind, Return
from houqin.flows.collect.tests.scene import FRIDGES, answered, column, of, sent, values
from tests.world import NOON, TODAY, World

LATE = NOON + timedelta(days=10)


def test_a_school_reads_answers_and_is_done(world: World) -> None:
    row = sent(world)
    mine = acknowledge_notice(of(row, world.school_a), by=world.viewer("an"))
    assert (mine.state, mine.read_at) == ("read", NOON)
    assert acknowledge_notice(mine, by=world.viewer("gao")).read_by == world.an
    mine = answered(world, row, world.school_a, "gao")
    assert (mine.state, mine.answered_by, mine.is_late) == ("sent", world.gao, False)
    cells = {cell.column.label: cell for cell in mine.cells.select_related("column")}
    assert (cells["冰箱数"].figure, cells["维修费用"].figure, cells["自评等次"].text) == (3, 12050, "中")
    assert (cells["是否已整改"].figure, cells["在校学生数"].as_known, cells["冰箱数"].as_known) == (1, True, False)


def test_the_same_again_changes_nothing_and_another_is_refused(world: World) -> None:
    row = sent(world)
    answered(world, row, world.school_a, "an")
    answered(world, row, world.school_a, "an")
    assert AuditEntry.objects.filter(event="collect.answered").count() == 1
    with pytest.raises(Refused, match="安师傅"):
        answered(world, row, world.school_a, "gao", 冰箱数=9)
    assert Cell.objects.get(of__org=world.school_a, column=column(row, FRIDGES)).figure == 3


@pytest.mark.parametrize(
    "wrong",
    [{"冰箱数": -1}, {"冰箱数": "三"}, {"冰箱数": None}, {"自评等次": "优"}, {"维修费用": 10**16}, {"是否已整改": 1}],
)
def test_a_value_that_does_not_fit_is_refused_at_its_field(world: World, wrong: dict[str, object]) -> None:
    row = sent(world)
    with pytest.raises(Refused) as refusal:
        answered(world, row, world.school_a, "an", **wrong)
    assert refusal.value.field == f"c{row.columns.get(label=next(iter(wrong))).pk}"
    assert next(iter(wrong)) in str(refusal.value.message)
    assert not Cell.objects.exists()
    assert of(row, world.school_a).state == "new"


def test_a_table_of_one_row_takes_one_and_one_of_several_takes_several(world: World) -> None:
    row = sent(world)
    with pytest.raises(Refused):
        answer_notice(of(row, world.school_a), by=world.viewer("an"), lines=[values(row), values(row)])
    with pytest.raises(Refused):
        answer_notice(of(row, world.school_a), by=world.viewer("an"), lines=[])
    many = sent(world, columns=[Col("姓名", Kind.TEXT), Col("岁数")], several_rows=True)
    name, age = many.columns.all()
    lines = [{name.pk: "周小兰", age.pk: 41}, {name.pk: "吴大勇", age.pk: 38}]
    mine = answer_notice(of(many, world.school_a), by=world.viewer("an"), lines=lines)
    assert list(mine.cells.values_list("line", "text", "figure").order_by("line", "column__position")) == [
        (0, "周小兰", None), (0, "", 41), (1, "吴大勇", None), (1, "", 38),
    ]  # fmt: skip
    with pytest.raises(Refused, match="2"):
        answer_notice(of(many, world.school_b), by=world.viewer("hu"), lines=[lines[0], {name.pk: "无岁数"}])


def test_whoever_may_not_answer_does_not(world: World) -> None:
    row = sent(world)
    for name, met in (("shi", PermissionDenied), ("bo", PermissionDenied), ("hu", NotVisible), ("chen", NotVisible)):
        with pytest.raises(met):
            answered(world, row, world.school_a, name)
        with pytest.raises(met):
            acknowledge_notice(of(row, world.school_a), by=world.viewer(name))
    assert of(row, world.school_a).state == "new"


def test_an_answer_is_taken_back_until_it_is_due_or_taken_over(world: World) -> None:
    row = sent(world)
    mine = of(row, world.school_a)
    with pytest.raises(Refused):
        withdraw_answer(mine, by=world.viewer("an"))
    answered(world, row, world.school_a, "an")
    with pytest.raises(Refused):
        withdraw_answer(mine, by=world.viewer("an", LATE))
    assert withdraw_answer(mine, by=world.viewer("an")).state == "read"
    assert mine.cells.count() == 5  # what was typed stands there again
    answered(world, row, world.school_a, "an", 冰箱数=5)
    take_over(mine, by=world.viewer("bai"))
    assert take_over(mine, by=world.viewer("bo")).taken_by == world.bai
    for deed in (
        lambda: withdraw_answer(mine, by=world.viewer("an")),
        lambda: answered(world, row, world.school_a, "an", 冰箱数=6),
    ):
        with pytest.raises(Refused, match="柳河镇"):
            deed()
    assert Cell.objects.get(of=mine, column=column(row, FRIDGES)).figure == 5


def test_what_comes_late_keeps_its_cause_and_what_a_phone_kept_is_not_late(world: World) -> None:
    row = sent(world)
    late = answer_notice(
        of(row, world.school_a), by=world.viewer("an", LATE), lines=[values(row)], late_because="停电三天"
    )
    assert (late.is_late, late.late_because) == (True, "停电三天")
    viewer = world.viewer("hu", LATE)
    kept = type(viewer)(**{**vars(viewer), "captured_at": NOON + timedelta(days=2)})
    ontime = answer_notice(of(row, world.school_b), by=kept, lines=[values(row)], late_because="没有网络")
    assert (ontime.is_late, ontime.late_because) == (False, "")


class TestMoreTime:
    def test_a_school_in_trouble_asks_and_the_office_gives_it(self, world: World) -> None:
        row = sent(world)
        mine = ask_for_time(
            of(row, world.school_a), by=world.viewer("gao"), until=TODAY + timedelta(days=14), why="洪水"
        )
        assert Notice.objects.filter(account=world.bo, title__contains="柳河中心小学").count() == 1
        mine = decide_time(mine, by=world.viewer("bo"), agreed=True)
        assert (mine.more_state, mine.due_on) == ("agreed", TODAY + timedelta(days=14))
        assert not answered(world, row, world.school_a, "an", now=LATE).is_late
        assert of(row, world.school_b).due_on == row.due_on

    def test_without_reason_or_to_the_past_it_is_refused(self, world: World) -> None:
        row = sent(world)
        mine = of(row, world.school_a)
        for given in ({"until": row.due_on, "why": "忙"}, {"until": TODAY + timedelta(days=20), "why": " "}):
            with pytest.raises(Refused):
                ask_for_time(mine, by=world.viewer("gao"), **given)
        with pytest.raises(Refused):
            decide_time(mine, by=world.viewer("bo"), agreed=True)
        ask_for_time(mine, by=world.viewer("gao"), until=TODAY + timedelta(days=14), why="洪水")
        with pytest.raises(Refused):
            decide_time(mine, by=world.viewer("bo"), agreed=False)
        with pytest.raises(PermissionDenied):
            decide_time(mine, by=world.viewer("gao"), agreed=True)
        assert decide_time(mine, by=world.viewer("bo"), agreed=False, words="全镇已统一延期").due_on == row.due_on


class TestTheOffice:
    def test_a_table_goes_back_with_words_at_its_cells(self, world: World) -> None:
        row = sent(world)
        mine = answered(world, row, world.school_a, "an", 冰箱数=300)
        cell = Cell.objects.get(of=mine, column=column(row, FRIDGES))
        with pytest.raises(Refused):
            send_back(mine, by=world.viewer("bo"))
        Notice.objects.all().delete()
        mine = send_back(mine, by=world.viewer("bo"), words="请核对", remarks={cell.pk: "三百台？", 10**9: "别处"})
        assert (mine.state, mine.back_words, mine.answered_on) == ("back", "请核对", None)
        told = Notice.objects.get(account=world.an)
        assert "三百台？" in told.body
        mine = answered(world, row, world.school_a, "an")
        assert mine.state == "sent"
        assert not mine.cells.exclude(remark="").exists()
        before = AuditEntry.objects.filter(event="collect.answered").order_by("pk").last().detail["before"]
        assert before[0]["冰箱数"] == "300 台"

    def test_nothing_sent_cannot_be_taken_or_sent_back(self, world: World) -> None:
        row = sent(world)
        mine = of(row, world.school_a)
        for deed in (
            lambda: take_over(mine, by=world.viewer("bo")), lambda: send_back(mine, by=world.viewer("bo"), words="x"),
            lambda: take_all(row, by=world.viewer("bo")),
        ):  # fmt: skip
            with pytest.raises(Refused):
                deed()
        with pytest.raises(PermissionDenied):
            take_over(mine, by=world.viewer("gao"))
        with pytest.raises(NotVisible):
            take_over(mine, by=world.viewer("chen"))
        assert not Return.objects.exclude(state="new").exists()

    def test_all_that_came_is_taken_at_once_by_the_office_that_asked(self, world: World) -> None:
        row = sent(world, by="op", unit=world.district)
        answered(world, row, world.school_a, "an")
        with pytest.raises(NotVisible):
            take_over(of(row, world.school_a), by=world.viewer("bo"))
        assert take_all(row, by=world.viewer("op")) == 1
        assert of(row, world.school_a).state == "taken"
        assert of(row, world.school_b).state == "new"
