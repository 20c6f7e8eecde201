"""What is evidence stays: duties at rest, goods that are sealed, a kitchen that is closed; and who hears of what is late."""

from datetime import timedelta

import pytest

from houqin.core.files.tests.pictures import upload
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import system_viewer
from houqin.flows.cases.actions.leading import close_case, reopen_case
from houqin.flows.cases.actions.reminding import remind_of_late_steps
from houqin.flows.cases.models import Case
from houqin.flows.duties.actions.suspending import lift_suspension
from houqin.flows.duties.models import Suspension
from houqin.modules.canteen.actions.deeds import write_off
from houqin.modules.canteen.actions.incidents import (
    Thing,
    call_off,
    end_drill,
    note_release,
    provide_meal,
    raise_alarm,
    register_ill,
    seal_things,
    tell_other_parents,
)
from houqin.modules.canteen.actions.meals import IssueLine, issue_meal
from houqin.modules.canteen.models import Lot, Meal
from houqin.modules.canteen.queries.incidents.figures import meals_before
from houqin.modules.canteen.tests.incident_checks import refused
from houqin.modules.canteen.tests.incident_scene import Outbreak


def late(outbreak: Outbreak, minutes: float) -> int:
    """The job that looks for late steps, so many minutes after the alarm."""
    return remind_of_late_steps(by=system_viewer(now=outbreak.now + timedelta(minutes=minutes)))


class TestHold:
    def test_what_rests_is_lifted_by_its_incident_alone(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        outbreak.falls_ill(outbreak.pupils[outbreak.groups[0].pk][0])
        rest = Suspension.objects.get(cause_id=str(case.public_id))
        for name in ("gao", "bo"):
            assert "在该事件页面" in refused(
                lambda name=name: lift_suspension(rest, by=outbreak.by(name, 9), why="好了")
            )

    def test_with_somebody_ill_no_page_closes_it_as_a_false_alarm(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        outbreak.falls_ill(outbreak.pupils[outbreak.groups[0].pk][0])
        Suspension.objects.update(lifted_at=outbreak.now)
        told = refused(lambda: close_case(case, by=outbreak.by("gao", 9), outcome="false-alarm", reason="没事"))
        assert "不能按误报撤销" in told

    def test_while_a_room_or_the_kitchen_is_stopped_it_is_not_closed(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        provide_meal(case, by=outbreak.by("gao", 20), instead="送盒饭", boarders_instead="送盒饭")
        Suspension.objects.update(lifted_at=outbreak.now)
        told = refused(lambda: close_case(case, by=outbreak.by("gao", 30), outcome="false-alarm", reason="晕车"))
        assert "解封" in told

    def test_a_drill_that_is_over_is_not_opened_again(self, outbreak: Outbreak) -> None:
        case = end_drill(outbreak.alarm(drill=True), by=outbreak.by("gao", 40), found="好")
        refused(lambda: reopen_case(case, by=outbreak.by("gao", 50), reason="再来"))


class TestSealedGoods:
    def sealed(self, outbreak: Outbreak, *, drill: bool = False) -> tuple[Case, Lot]:
        case, lot = outbreak.alarm(drill=drill), Lot.objects.get(org=outbreak.world.school_a)
        seal_things(case, by=outbreak.by("an", 10), kind="lots", things=[Thing(lot=lot)], where="冷库")
        return case, lot

    def test_what_is_sealed_is_neither_thrown_away_nor_cooked(self, outbreak: Outbreak) -> None:
        case, lot = self.sealed(outbreak)
        by = outbreak.by("an", 11)
        assert case.number in refused(lambda: write_off(lot, by=by, grams=1_000, reason="变质", photo=upload()))
        for named in (lot, None):
            lines = [IssueLine(lot.product, 1_000, lot=named)]
            assert case.number in refused(
                lambda lines=lines: issue_meal(lot.org, by=by, meal=outbreak.meal, lines=lines)
            )
        call_off(case, by=outbreak.by("gao", 30), reason="晕车")
        write_off(lot, by=outbreak.by("an", 31), grams=1_000, reason="变质", photo=upload())

    def test_in_a_drill_goods_are_used_as_ever(self, outbreak: Outbreak) -> None:
        _case, lot = self.sealed(outbreak, drill=True)
        write_off(lot, by=outbreak.by("an", 11), grams=1_000, reason="变质", photo=upload())


class TestNames:
    def test_a_child_written_down_by_name_is_not_written_down_again_by_its_teacher(self, outbreak: Outbreak) -> None:
        case, group = outbreak.alarm(), outbreak.groups[0]
        child = outbreak.pupils[group.pk][0]
        register_ill(
            case, by=outbreak.by("gao", 5), class_group=group, name=child.name, onset_at=outbreak.now, signs=["pain"]
        )
        refused(lambda: outbreak.falls_ill(child))

    def test_its_family_hears_from_the_school_alone(self, outbreak: Outbreak) -> None:
        case, world = outbreak.alarm(), outbreak.world
        child = next(one for one in outbreak.pupils[outbreak.groups[0].pk] if one.guardianships.exists())
        register_ill(
            case, by=outbreak.by("gao", 5), class_group=child.class_group, name=child.name, onset_at=outbreak.now,
            signs=["pain"],
        )  # fmt: skip
        tell_other_parents(case, by=outbreak.by("gao", 40), text="部分学生不适，已照护。")
        assert not Notice.objects.filter(account=world.du).exists()

    def test_no_name_goes_out_on_a_seal_or_with_a_release(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        name = outbreak.falls_ill(outbreak.pupils[outbreak.groups[0].pk][0]).name
        by = outbreak.by("gao", 50)
        refused(lambda: seal_things(case, by=by, kind="leftovers", things=[Thing(what=f"{name}的剩饭")]))
        refused(lambda: note_release(case, by=by, body=f"疾控，{name}已愈", number="1"))


class TestLate:
    def test_the_post_and_for_the_first_report_the_offices_hear_of_it(self, outbreak: Outbreak) -> None:
        case, world = outbreak.alarm(), outbreak.world
        Notice.objects.all().delete()
        assert late(outbreak, 130) > 0
        told = set(Notice.objects.values_list("account__username", flat=True))
        assert {"gao", "bo"} <= told, "who holds the post, and the town"
        assert all(str(case.public_id) in one for one in Notice.objects.values_list("url", flat=True))
        assert set(Notice.objects.filter(account=world.bo).values_list("level", flat=True)) == {Notice.Level.NOW}
        assert late(outbreak, 140) == 0

    def test_of_a_drill_the_offices_hear_nothing(self, outbreak: Outbreak) -> None:
        outbreak.alarm(drill=True)
        Notice.objects.all().delete()
        assert late(outbreak, 130) > 0
        assert not Notice.objects.filter(account=outbreak.world.bo).exists()


def test_a_campus_with_a_kitchen_of_its_own_presses_too(outbreak: Outbreak) -> None:
    school = outbreak.world.school_a
    campus = OrgUnit.objects.create(
        parent=school, kind=Kind.CAMPUS, name="东校区", path=f"{school.path}0001", opened_on=school.opened_on
    )
    case = raise_alarm(campus, by=outbreak.by("gao"))
    assert Suspension.objects.filter(org=campus, lifted_at=None).exists()
    assert case.org == campus
    assert Notice.objects.filter(account=outbreak.world.shi).exists(), "the school hears of its campus"
    with pytest.raises(Refused):
        raise_alarm(outbreak.world.town, by=outbreak.by("bo"))


def test_an_alarm_in_the_morning_looks_back_three_whole_days(outbreak: Outbreak) -> None:
    case = outbreak.alarm()
    day = outbreak.meal.day - timedelta(days=3)
    first = Meal.objects.create(org=outbreak.world.school_a, day=day, kind=outbreak.meal.kind)
    assert first in meals_before(case)
