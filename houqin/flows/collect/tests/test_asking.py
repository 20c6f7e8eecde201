"""An office writes, chooses, looks at the cost and sends; what was asked before needs a reason."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import SchoolFacts
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.collect.actions import (
    Col,
    change_notice,
    choose_schools,
    close_notice,
    copy_notice,
    discard_notice,
    remind_schools,
    reopen_notice,
    send_notice,
    write_notice,
)  # fmt: skip
from houqin.flows.collect.models import Cell, Collection, CollectionColumn, Kind, Return
from houqin.flows.collect.queries.costs import costs_of
from houqin.flows.collect.queries.earlier import asked_before
from houqin.flows.collect.queries.filling import table_of
from houqin.flows.collect.queries.schools import Wanted, fitting
from houqin.flows.collect.tests.scene import COLUMNS, FRIDGES, GRADE, PUPILS, answered, column, draft, of, sent
from tests.world import NOON, TODAY, World, make_school

WORDS = {"title": "摸底", "basis": "工作需要"}


class TestWriting:
    def test_a_notice_knows_by_itself_what_the_system_can_fill_in(self, world: World) -> None:
        row = write_notice(world.town, by=world.viewer("bo"), columns=COLUMNS, **WORDS)
        assert row.is_draft
        assert column(row, PUPILS).known == "orgs.enrolment"
        assert column(row, FRIDGES).known == ""
        assert AuditEntry.objects.get(event="collect.written").org_path == world.town.path

    @pytest.mark.parametrize(
        ("columns", "words"),
        [
            ([], "至少"), ([Col("  ")], "名"), ([FRIDGES, Col("冰 箱 数")], "冰"),
            ([Col("等次", Kind.CHOICE, choices=("好",))], "等次"), ([Col("学生", known="no.such")], "学生"),
            ([Col(f"第{n}列") for n in range(41)], "40"),
        ],
    )  # fmt: skip
    def test_a_table_that_makes_no_sense_is_refused_in_words(
        self, world: World, columns: list[Col], words: str
    ) -> None:
        with pytest.raises(Refused) as refusal:
            write_notice(world.town, by=world.viewer("bo"), columns=columns, **WORDS)
        assert str(refusal.value.message)
        assert not Collection.objects.exists()
        assert not CollectionColumn.objects.exists()

    def test_a_table_of_several_rows_takes_no_single_figure_of_a_school(self, world: World) -> None:
        known = Col("学生", known="orgs.enrolment")
        with pytest.raises(Refused, match="学生"):
            write_notice(world.town, by=world.viewer("bo"), columns=[known], several_rows=True, **WORDS)
        row = write_notice(world.town, by=world.viewer("bo"), columns=[PUPILS], several_rows=True, **WORDS)
        assert column(row, PUPILS).known == ""

    def test_only_offices_ask_and_nobody_asks_for_another(self, world: World) -> None:
        with pytest.raises(Refused):
            write_notice(world.school_a, by=world.viewer("bo"), columns=COLUMNS, **WORDS)
        with pytest.raises(PermissionDenied):
            write_notice(world.school_a, by=world.viewer("gao"), columns=COLUMNS, **WORDS)
        with pytest.raises(NotVisible):
            write_notice(world.town, by=world.viewer("chen"), columns=COLUMNS, **WORDS)
        with pytest.raises(Refused):
            write_notice(world.town, by=world.viewer("bo"), columns=COLUMNS, due_days=0, **WORDS)
        assert not Collection.objects.exists()

    def test_only_schools_below_the_office_are_asked(self, world: World) -> None:
        row = draft(world)
        for schools in ([world.school_c], [world.school_a, world.school_c], [world.town], []):
            with pytest.raises(Refused):
                choose_schools(row, by=world.viewer("bo"), schools=[school.public_id for school in schools])
        assert set(row.chosen.all()) == {world.school_a, world.school_b}

    def test_schools_are_narrowed_by_their_facts(self, world: World) -> None:
        row = draft(world)
        SchoolFacts.objects.filter(org=world.school_b).update(school_type="初中", boarders=0, canteen_mode="none")

        def names(**wanted: object) -> list[str]:
            return [school.name for school in fitting(row, Wanted(**wanted), world.viewer("bo"))]

        both = ["柳河中心小学", "柳河初级中学"]
        assert names() == both
        assert names(school_type="初中") == both[1:]
        assert names(with_canteen=True) == names(with_boarders=True) == both[:1]
        assert names(under=world.school_b.path) == both[1:]
        assert names(under=world.school_c.path) == both  # another's unit narrows nothing

    def test_what_is_out_stays_as_schools_have_it(self, world: World) -> None:
        row = sent(world)
        for deed in (
            lambda: change_notice(row, by=world.viewer("bo"), columns=[FRIDGES], **WORDS),
            lambda: choose_schools(row, by=world.viewer("bo"), schools=[world.school_a.public_id]),
            lambda: discard_notice(row, by=world.viewer("bo")),
            lambda: send_notice(row, by=world.viewer("bo")),
        ):
            with pytest.raises(Refused):
                deed()
        assert row.columns.count() == 5
        assert Return.objects.count() == 2

    def test_a_draft_is_changed_and_thrown_away(self, world: World) -> None:
        row = draft(world)
        change_notice(row, by=world.viewer("bo"), columns=[FRIDGES], **WORDS)
        assert [one.label for one in row.columns.all()] == ["冰箱数"]
        discard_notice(row, by=world.viewer("bo"))
        assert not Collection.objects.exists()
        assert AuditEntry.objects.filter(event="collect.discarded").exists()


class TestSending:
    def test_each_school_is_asked_once_and_told(self, world: World) -> None:
        row = sent(world)
        assert (row.state, row.due_on) == ("open", date(2024, 3, 11))  # five working days after a Monday
        assert {one.org for one in row.returns.all()} == {world.school_a, world.school_b}
        told = Notice.objects.filter(title__contains="冷藏设备摸底")
        assert {notice.account.username for notice in told} == {"an", "gao", "hu"}

    def test_days_are_counted_as_the_office_says(self, world: World) -> None:
        row = sent(world, due_days=7, days_counted="calendar")
        assert row.due_on == TODAY + timedelta(days=7)

    def test_working_days_skip_the_holidays(self, world: World) -> None:
        late = NOON.replace(month=9, day=30)
        assert sent(world, now=late, due_days=1).due_on == date(2024, 10, 8)

    def test_the_cost_counts_only_what_is_asked(self, world: World) -> None:
        costs = costs_of(draft(world), world.viewer("bo"))
        # 30 s to read, 15 + 15 + 8 + 5 s typed, 3 s to look at the pupils: 76 s a school
        assert (costs.cost.seconds, costs.cost.schools, costs.cost.not_asked) == (152, 2, 2)
        assert costs.cost.minutes_a_school == 2
        assert "2" in costs.sentence

    def test_without_schools_nothing_is_sent(self, world: World) -> None:
        row = write_notice(world.town, by=world.viewer("bo"), columns=COLUMNS, **WORDS)
        with pytest.raises(Refused):
            send_notice(row, by=world.viewer("bo"))
        row = draft(world)
        world.school_a.closed_on = TODAY
        world.school_a.save()
        with pytest.raises(Refused, match="柳河中心小学"):
            send_notice(row, by=world.viewer("bo"))
        assert not Return.objects.exists()


class TestAskingTwice:
    def test_it_needs_a_reason_that_schools_read_and_earlier_answers_come_filled_in(self, world: World) -> None:
        first = sent(world)
        answered(world, first, world.school_a, "an", 冰箱数=4)
        later = NOON + timedelta(days=30)
        again = draft(world, by="bai", columns=[FRIDGES, Col("冷库数", Kind.COUNT, "座"), PUPILS], now=later)
        found = asked_before(again, world.viewer("bai", later))
        assert [(one.column.label, one.schools, one.answered) for one in found] == [("冰箱数", 2, 1)]
        assert found[0].examples == [(world.school_a, "4 台")]
        with pytest.raises(Refused) as refusal:
            send_notice(again, by=world.viewer("bai", later))
        assert refusal.value.field == "again_because"
        assert not again.returns.exists()
        row = send_notice(again, by=world.viewer("bai", later), again_because="夏季前复核")
        assert row.again_because == "夏季前复核"
        assert "夏季前复核" in Notice.objects.filter(account=world.gao).order_by("-pk").first().body
        table = table_of(of(row, world.school_a), world.viewer("an", later))
        shown = {one.label: table.lines[0][one.pk] for one in row.columns.all()}
        assert (shown["冰箱数"].value, shown["冰箱数"].source) == (4, "earlier")
        assert (shown["在校学生数"].value, shown["在校学生数"].source) == (300, "known")
        assert shown["冷库数"].value is None
        assert AuditEntry.objects.filter(event="collect.sent").order_by("pk").last().detail["asked_again"] == ["冰箱数"]

    def test_another_office_that_asked_counts_too_but_other_schools_do_not(self, world: World) -> None:
        sent(world, columns=[GRADE], schools=[world.school_a])
        whole = draft(world, by="op", unit=world.district, columns=[GRADE], schools=[world.school_a, world.school_b])
        assert [one.schools for one in asked_before(whole, world.viewer("op"))] == [1]
        other = draft(world, columns=[GRADE], schools=[world.school_b])
        assert asked_before(other, world.viewer("bo")) == []

    def test_after_the_period_nothing_is_asked_again(self, world: World) -> None:
        sent(world, columns=[GRADE])
        later = NOON + timedelta(days=181)
        row = draft(world, columns=[GRADE], now=later)
        assert asked_before(row, world.viewer("bo", later)) == []
        set_policy(world.town, by=world.viewer("bo"), code="collect.asked_within", value=366, reason="每学年问一次")
        assert len(asked_before(row, world.viewer("bo", later))) == 1

    def test_a_figure_that_the_system_fills_in_is_not_asked_again(self, world: World) -> None:
        sent(world, columns=[PUPILS])
        assert asked_before(draft(world, columns=[PUPILS]), world.viewer("bo")) == []
        SchoolFacts.objects.filter(org=world.school_b).delete()
        assert [one.schools for one in asked_before(draft(world, columns=[PUPILS]), world.viewer("bo"))] == [1]


class TestReminding:
    def test_only_the_silent_are_reminded_and_once_a_day(self, world: World) -> None:
        row = sent(world)
        answered(world, row, world.school_a, "an")
        Notice.objects.all().delete()
        assert remind_schools(row, by=world.viewer("bo")) == 1
        assert {notice.account.username for notice in Notice.objects.filter(title__contains="冷藏")} == {"hu"}
        with pytest.raises(Refused):
            remind_schools(row, by=world.viewer("bai"))
        assert remind_schools(row, by=world.viewer("bai", NOON + timedelta(days=1))) == 1
        assert AuditEntry.objects.filter(event="collect.reminded").count() == 2

    def test_a_town_reminds_its_own_schools_of_what_the_district_asks(self, world: World) -> None:
        school = make_school(world.other_town, "外镇小学", 9)
        row = sent(world, by="op", unit=world.province, schools=[world.school_a, school])
        assert remind_schools(row, by=world.viewer("bo")) == 1
        assert of(row, school).reminded_on is None
        with pytest.raises(NotVisible):
            close_notice(row, by=world.viewer("bo"))
        with pytest.raises(NotVisible):
            remind_schools(sent(world, columns=[GRADE], schools=[world.school_b]), by=world.viewer("chen"))

    def test_when_all_have_answered_or_it_is_closed_there_is_nobody(self, world: World) -> None:
        row = sent(world, schools=[world.school_a])
        answered(world, row, world.school_a, "an")
        with pytest.raises(Refused):
            remind_schools(row, by=world.viewer("bo"))
        close_notice(row, by=world.viewer("bo"))
        with pytest.raises(Refused):
            remind_schools(row, by=world.viewer("bo"))
        with pytest.raises(NotVisible):
            remind_schools(row, by=world.viewer("gao"))  # a school reminds nobody
        assert not AuditEntry.objects.filter(event="collect.reminded").exists()


def test_it_is_closed_opened_again_and_copied(world: World) -> None:
    row = sent(world)
    answered(world, row, world.school_a, "an")
    with pytest.raises(Refused):
        reopen_notice(row, by=world.viewer("bo"))
    close_notice(row, by=world.viewer("bo"))
    with pytest.raises(Refused):
        answered(world, row, world.school_b, "hu")
    with pytest.raises(Refused):
        close_notice(row, by=world.viewer("bo"))
    reopen_notice(row, by=world.viewer("bo"))
    answered(world, row, world.school_b, "hu")
    copy = copy_notice(row, by=world.viewer("bai"), title="冷藏设备摸底（4月）")
    assert copy.is_draft
    assert (copy.columns.count(), copy.chosen.count(), copy.copied_from) == (5, 2, row)
    assert Cell.objects.filter(of__collection=copy).count() == 0
    with pytest.raises(NotVisible):
        copy_notice(row, by=world.viewer("chen"), title="别处")
