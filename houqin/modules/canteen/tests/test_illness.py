"""发病登记: the ill, rows put right, and the search of the classes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import NotVisible
from houqin.flows.cases.actions.working import add_entry, do_step
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.incidents import (
    call_off,
    correct_ill,
    note_call,
    register_ill,
    search_class,
    send_report,
    strike_ill,
    tell_parents,
)
from houqin.modules.canteen.models import (
    ClassSearch,
    Ill,
    Meal,
    MealCheck,
)
from houqin.modules.canteen.queries.incidents.figures import attack_of, figures_of, meals_before
from houqin.modules.canteen.tests.incident_checks import BODY, TO, done, refused
from houqin.modules.canteen.tests.incident_scene import CHICKEN, CUCUMBER, RICE, Outbreak


class TestIll:
    def test_a_class_teacher_registers_and_sees_the_own_class_only(self, outbreak: Outbreak) -> None:
        outbreak.alarm()
        mine = outbreak.falls_ill(outbreak.pupils[outbreak.groups[0].pk][1])
        other = outbreak.falls_ill(outbreak.pupils[outbreak.groups[1].pk][0], name="gao")
        seen = {
            name: set(Ill.objects.visible_to(outbreak.by(name)))
            for name in ("lin", "gao", "shi", "wu", "bo", "hu", "eve")
        }
        assert seen == {
            "lin": {mine},
            "gao": {mine, other},
            "shi": set(),
            "wu": set(),
            "bo": set(),
            "hu": set(),
            "eve": set(),
        }
        assert str(mine) == "三年级一班"
        assert outbreak.case is not None
        assert done(outbreak.case, "register-ill")

    def test_whoever_wrote_a_row_sees_it(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        ill = register_ill(case, by=outbreak.by("wu", 5), name="门卫老李", onset_at=outbreak.now, signs=["fever"])
        assert set(Ill.objects.visible_to(outbreak.by("wu"))) == {ill}

    def test_once_a_person(self, outbreak: Outbreak) -> None:
        outbreak.alarm()
        pupil = outbreak.pupils[outbreak.groups[0].pk][1]
        outbreak.falls_ill(pupil)
        assert pupil.name in refused(lambda: outbreak.falls_ill(pupil))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": " "}, {"signs": []}, {"signs": ["hunger"]}, {"onset_at": "later"}, {"ate": "佛跳墙"},
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, outbreak: Outbreak, wrong: dict[str, Any]) -> None:
        case = outbreak.alarm()
        given: dict[str, Any] = {"name": "王老师", "onset_at": outbreak.now, "signs": ["pain"]} | wrong
        if given["onset_at"] == "later":
            given["onset_at"] = outbreak.now + timedelta(hours=1)
        if "ate" in given:
            given["ate"] = [(outbreak.meal, given["ate"])]
        refused(lambda: register_ill(case, by=outbreak.by("gao", 5), **given))

    def test_offices_help_by_notes_and_do_not_interfere(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        bo = outbreak.by("bo", 5)
        assert Case.objects.visible_to(bo).get() == case
        add_entry(case, by=bo, text="镇里派两台车到校门口。")
        refused(lambda: register_ill(case, by=bo, name="某某", onset_at=outbreak.now, signs=["pain"]), PermissionDenied)
        refused(lambda: do_step(case.steps.get(code="start-plan"), by=bo), PermissionDenied)
        refused(lambda: send_report(case, by=bo, kind="first", body=BODY, to=TO), PermissionDenied)

    def test_a_strangers_case_does_not_exist(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        for name in ("hu", "chen"):
            by = outbreak.by(name, 5)
            refused(
                lambda by=by: register_ill(case, by=by, name="某", onset_at=outbreak.now, signs=["pain"]), NotVisible
            )
            refused(lambda by=by: note_call(case, by=by, body="market", answered_by="王"), NotVisible)
            refused(lambda by=by: send_report(case, by=by, kind="first", body=BODY, to=TO), NotVisible)

    def test_parents_are_told_one_by_one(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        one = outbreak.falls_ill(outbreak.pupils[outbreak.groups[0].pk][1])
        other = outbreak.falls_ill(outbreak.pupils[outbreak.groups[1].pk][0], name="gao")
        refused(lambda: tell_parents(other, by=outbreak.by("lin", 9), note="在路上"), NotVisible)
        tell_parents(one, by=outbreak.by("lin", 9), note="在路上")
        refused(lambda: tell_parents(one, by=outbreak.by("lin", 10), note="再说一次"))
        assert not done(case, "parents-ill")
        tell_parents(other, by=outbreak.by("gao", 11), note="已到医院")
        assert done(case, "parents-ill")


class TestPuttingRight:
    def test_a_wrong_row_is_struck_out_stays_with_its_reason_and_counts_nowhere(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        pupil = outbreak.pupils[outbreak.groups[0].pk][1]
        wrong = outbreak.falls_ill(pupil)
        refused(lambda: strike_ill(wrong, by=outbreak.by("lin", 6), reason=" "))
        refused(lambda: strike_ill(wrong, by=outbreak.by("shi", 6), reason="登错"), NotVisible)
        strike_ill(wrong, by=outbreak.by("lin", 6), reason="登错了人")
        wrong.refresh_from_db()
        assert (wrong.struck_by, wrong.struck_why) == (outbreak.world.lin, "登错了人")
        assert AuditEntry.objects.filter(event="canteen.ill_struck", subject_id=str(wrong.public_id)).exists()
        assert figures_of(case).ill == 0
        refused(lambda: strike_ill(wrong, by=outbreak.by("lin", 7), reason="再来"))
        refused(lambda: tell_parents(wrong, by=outbreak.by("lin", 7), note="打电话"))
        again = outbreak.falls_ill(pupil, minutes=8)
        assert list(Ill.objects.standing()) == [again]

    def test_where_everybody_was_struck_out_it_was_a_false_alarm(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        ill = outbreak.falls_ill(outbreak.pupils[outbreak.groups[0].pk][1])
        strike_ill(ill, by=outbreak.by("lin", 6), reason="晕车")
        call_off(case, by=outbreak.by("gao", 7), reason="晕车，不是食物")
        case.refresh_from_db()
        assert case.outcome == "false-alarm"

    def test_what_is_known_later_is_written_anew_beside_the_old_row(self, outbreak: Outbreak) -> None:
        """Not asked what was eaten at first: then in no table; asked later, in it."""
        case, group = outbreak.alarm(), outbreak.groups[0]
        search_class(case, by=outbreak.by("lin"), class_group=group, well=20, ate={(outbreak.meal, CUCUMBER): 2})
        first = register_ill(
            case,
            by=outbreak.by("lin"),
            pupil=outbreak.pupils[group.pk][2],
            onset_at=outbreak.now,
            signs=["pain"],
            asked=False,
        )
        tell_parents(first, by=outbreak.by("lin", 4), note="在路上")
        assert attack_of(case).ill == 0
        given: dict[str, Any] = {"onset_at": outbreak.now, "signs": ["pain", "vomiting"], "where": "hospital"}
        refused(lambda: correct_ill(first, by=outbreak.by("lin", 9), reason="", **given))
        refused(lambda: correct_ill(first, by=outbreak.by("lin", 9), reason="好", **given | {"signs": []}))
        second = correct_ill(
            first, by=outbreak.by("lin", 9), reason="已送医院，问到了", ate=[(outbreak.meal, CUCUMBER)], **given
        )
        assert (second.corrects, second.pupil, second.parents_told_at) == (
            first,
            first.pupil,
            outbreak.now + timedelta(minutes=4),
        )
        assert (figures_of(case).ill, figures_of(case).in_hospital, figures_of(case).unasked) == (1, 1, 0)
        cells = attack_of(case).tables[0].dishes[0].cells
        assert (cells.ill_ate, cells.well_ate, cells.ill_not, cells.well_not) == (1, 2, 0, 18)
        refused(lambda: correct_ill(first, by=outbreak.by("lin", 10), reason="再来", **given))


class TestSearch:
    def test_the_guilty_dish_shows_by_its_attack_rates(self, outbreak: Outbreak) -> None:
        """Ill: 18 who ate cucumber, 2 who did not. Well: 6 who ate it, 64 who did not. 18/24 against 2/66: 24.75 times."""
        case = outbreak.alarm()
        outbreak.spread()
        attack = attack_of(case)
        assert attack.guilty is not None
        meal, guilty = attack.guilty
        assert (meal, [one.dish for one in guilty]) == (outbreak.meal, [CUCUMBER])
        cells = guilty[0].cells
        assert (cells.ill_ate, cells.well_ate, cells.ill_not, cells.well_not) == (18, 6, 2, 64)
        assert guilty[0].risk == pytest.approx(24.75)
        others = {one.dish: one for one in attack.tables[0].dishes}
        assert others[RICE].risk is None
        assert not others[CHICKEN].accuses
        assert done(case, "search")
        assert [one.ill for one in figures_of(case, meal).classes] == [7, 7, 6]

    def test_a_class_is_searched_again_and_the_second_look_stands(self, outbreak: Outbreak) -> None:
        case, group = outbreak.alarm(), outbreak.groups[0]
        for well, ate in ((28, 5), (27, 4)):
            search_class(
                case, by=outbreak.by("lin", 9), class_group=group, well=well, ate={(outbreak.meal, CUCUMBER): ate}
            )
        row = ClassSearch.objects.get()
        assert (row.well, [one.count for one in row.ate.all()]) == (27, [4])
        assert not done(case, "search")

    def test_of_the_well_not_more_ate_than_there_are(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        ate = {(outbreak.meal, CUCUMBER): 11}
        refused(lambda: search_class(case, by=outbreak.by("lin"), class_group=outbreak.groups[0], well=10, ate=ate))

    def test_a_class_not_asked_about_a_dish_is_not_in_its_table(self, outbreak: Outbreak) -> None:
        """Nobody there said no: its ill and its well would look as if they had not eaten it."""
        case = outbreak.alarm()
        first, second = outbreak.groups[:2]
        for group, ate in ((first, {(outbreak.meal, CUCUMBER): 2}), (second, {(outbreak.meal, RICE): 30})):
            outbreak.falls_ill(outbreak.pupils[group.pk][1], name="gao")
            search_class(case, by=outbreak.by("gao", 9), class_group=group, well=30, ate=ate)
        found = {one.dish: one.cells for one in attack_of(case).tables[0].dishes}
        assert set(found) == {CUCUMBER, RICE}
        assert (found[CUCUMBER].ill_ate, found[CUCUMBER].well_ate, found[CUCUMBER].well_not) == (1, 2, 28)
        assert (found[RICE].ill_ate, found[RICE].well_ate, found[RICE].well_not) == (1, 30, 0)

    def test_a_meal_that_was_not_served_yet_made_nobody_ill(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        dinner = Meal.objects.create(org=case.org, day=outbreak.meal.day, kind="dinner")
        assert meals_before(case) == [outbreak.meal]
        MealCheck.objects.create(org=case.org, meal=dinner, kind="serving", at=outbreak.now)
        assert meals_before(case) == [dinner, outbreak.meal]

    def test_who_was_not_asked_is_in_no_table(self, outbreak: Outbreak) -> None:
        case, group = outbreak.alarm(), outbreak.groups[0]
        pupils = outbreak.pupils[group.pk]
        outbreak.falls_ill(pupils[1])
        register_ill(case, by=outbreak.by("lin"), pupil=pupils[2], onset_at=outbreak.now, signs=["pain"], asked=False)
        search_class(case, by=outbreak.by("lin"), class_group=group, well=20, ate={(outbreak.meal, CUCUMBER): 2})
        assert attack_of(case).ill == 1
        assert figures_of(case).unasked == 1
