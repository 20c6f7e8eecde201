"""疑似食物中毒: one alarm, evidence kept, the ill registered, reports sent by people, the kitchen opened by another."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.notices.models import Notice
from houqin.core.people.models import Guardianship
from houqin.core.places.models import Stop
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.cases.actions.leading import close_case
from houqin.flows.cases.actions.working import do_step
from houqin.flows.cases.models import Case, Entry
from houqin.flows.duties.models import Suspension
from houqin.flows.ledgers.models import LedgerEntry
from houqin.modules.canteen.actions.incidents import (
    Thing,
    call_off,
    end_drill,
    note_call,
    note_release,
    provide_meal,
    raise_alarm,
    reopen_kitchen,
    seal_things,
    send_report,
    set_number,
    suspect,
    tell_other_parents,
)
from houqin.modules.canteen.actions.meals import dispose_samples
from houqin.modules.canteen.actions.stopping import release_kitchen
from houqin.modules.canteen.models import (
    Call,
    Ill,
    KitchenStop,
    Lot,
    Sample,
    SealedThing,
)
from houqin.modules.canteen.queries.incidents.drafting import report_draft
from houqin.modules.canteen.queries.incidents.figures import attack_of, figures_of
from houqin.modules.canteen.queries.incidents.pages import calls_of, lines_of
from houqin.modules.canteen.tests.incident_checks import BODY, TO, done, refused
from houqin.modules.canteen.tests.incident_scene import CUCUMBER, Outbreak


class TestAlarm:
    def test_any_staff_begins_it_the_clock_runs_and_everybody_is_told(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm("wu")
        assert (case.kind, case.org, case.drill, case.opened_at) == (
            "food-poisoning",
            outbreak.world.school_a,
            False,
            outbreak.now,
        )
        assert case.steps.get(code="first-report").due_at == outbreak.now + timedelta(hours=2)
        codes = list(case.steps.values_list("code", flat=True))
        assert (
            codes.index("rescue") < codes.index("stop-food") < codes.index("call-market") < codes.index("seal-samples")
        )
        assert (
            codes.index("seal-kitchen")
            < codes.index("parents-ill")
            < codes.index("first-report")
            < codes.index("reopen")
        )
        told = set(Notice.objects.values_list("account__username", flat=True))
        assert {"gao", "an", "shi", "lin", "bo", "bai"} <= told
        assert not told & {"wu", "hu", "chen", "du"}

    def test_nothing_that_may_be_evidence_is_destroyed_from_now_on(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        rest = Suspension.objects.get(org=outbreak.world.school_a)
        assert (rest.cause_id, rest.lifted_at) == (str(case.public_id), None)
        late = outbreak.by("shi", 60 * 49)
        assert (
            "学校" in refused(lambda: dispose_samples(outbreak.samples, by=late)) or Sample.objects.kept().count() == 3
        )

    def test_a_second_press_joins_the_first(self, outbreak: Outbreak) -> None:
        first = outbreak.alarm()
        second = raise_alarm(outbreak.world.school_a, by=outbreak.by("lin", 2), what="三个学生呕吐")
        assert second == first
        assert Case.objects.count() == 1
        assert "三个学生呕吐" in Entry.objects.get().text

    def test_a_drill_tells_the_school_alone_and_lets_duties_be(self, outbreak: Outbreak) -> None:
        outbreak.alarm(drill=True)
        assert not Suspension.objects.exists()
        assert not Notice.objects.filter(account__username__in=["bo", "bai"]).exists()
        assert Notice.objects.filter(account__username="gao").exists()

    def test_a_real_alarm_during_a_drill_is_a_case_of_its_own(self, outbreak: Outbreak) -> None:
        assert outbreak.alarm(drill=True) != outbreak.alarm()

    def test_strangers_auditors_and_parents_do_not_press(self, outbreak: Outbreak) -> None:
        school = outbreak.world.school_a
        refused(lambda: raise_alarm(school, by=outbreak.by("hu")), NotVisible)
        refused(lambda: raise_alarm(school, by=outbreak.by("chen")), NotVisible)
        refused(lambda: raise_alarm(school, by=outbreak.by("eve")), PermissionDenied)
        refused(lambda: raise_alarm(school, by=outbreak.by("du")), PermissionDenied)
        refused(lambda: raise_alarm(outbreak.world.town, by=outbreak.by("bo")))


class TestCallsAndSeals:
    def test_a_call_does_its_step_and_keeps_who_answered(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        set_number(outbreak.world.district, by=outbreak.world.viewer("op"), body="market", phone="0710-1234567")
        set_number(outbreak.world.school_a, by=outbreak.by("gao"), body="market", phone="0710-7654321")
        assert next(one.phone for one in calls_of(case) if one.body == "market") == "0710-7654321"
        note_call(case, by=outbreak.by("gao", 8), body="market", answered_by="值班员小周", said="半小时到")
        assert done(case, "call-market")
        note_call(case, by=outbreak.by("gao", 30), body="market", answered_by="周科长", said="已在路上")
        assert Call.objects.count() == 2
        refused(lambda: note_call(case, by=outbreak.by("gao"), body="market", answered_by=" "))
        refused(
            lambda: set_number(outbreak.world.school_a, by=outbreak.by("shi"), body="police", phone="110"),
            PermissionDenied,
        )

    def test_the_kitchen_is_stopped_by_its_seal(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        things = [Thing(place=outbreak.kitchen)]
        seal_things(case, by=outbreak.by("an", 12), kind="kitchen", things=things)
        assert Stop.objects.standing().get().place == outbreak.kitchen
        assert seal_things(case, by=outbreak.by("an", 13), kind="kitchen", things=things) == []
        assert Stop.objects.count() == 1

    def test_a_drill_seals_in_words_only(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm(drill=True)
        seal_things(case, by=outbreak.by("an", 12), kind="kitchen", things=[Thing(place=outbreak.kitchen)])
        seal_things(
            case,
            by=outbreak.by("an", 12),
            kind="lots",
            things=[Thing(lot=lot) for lot in Lot.objects.filter(org=case.org)],
        )
        assert SealedThing.objects.count() == 2
        assert not Stop.objects.exists()
        assert not Lot.objects.filter(frozen_by__isnull=False).exists()

    def test_what_is_not_the_schools_is_not_sealed_here(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        strange = Lot.objects.get(org=outbreak.world.school_b)
        refused(lambda: seal_things(case, by=outbreak.by("an"), kind="lots", things=[Thing(lot=strange)]), NotVisible)
        refused(lambda: seal_things(case, by=outbreak.by("an"), kind="tools", things=[]))


class TestReports:
    def test_the_draft_says_diners_cases_rates_and_measures_and_no_name(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        outbreak.spread()
        suspect(case, by=outbreak.by("gao", 25), meal=outbreak.meal, dish=CUCUMBER)
        case = Case.objects.get(pk=case.pk)
        draft = report_draft(case, "first", figures_of(case, outbreak.meal), attack_of(case))
        for word in ("90", "20", CUCUMBER, "三年级一班", case.number, "24.8"):
            assert word in draft, draft
        assert not [ill.name for ill in Ill.objects.all() if ill.name in draft]

    def test_a_person_sends_it_the_offices_read_it_and_nobody_changes_it(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        refused(lambda: send_report(case, by=outbreak.by("shi"), kind="first", body=BODY, to=TO), PermissionDenied)
        refused(lambda: send_report(case, by=outbreak.by("gao"), kind="follow-up", body=BODY, to=TO))
        refused(lambda: send_report(case, by=outbreak.by("gao"), kind="first", body=BODY, to=" "))
        send_report(case, by=outbreak.by("gao", 70), kind="first", body=BODY, to=TO)
        assert done(case, "first-report")
        assert Notice.objects.filter(account=outbreak.world.bo, body=BODY).exists()
        refused(lambda: send_report(case, by=outbreak.by("gao", 71), kind="first", body=BODY, to=TO))
        send_report(case, by=outbreak.by("gao", 300), kind="follow-up", body="续报", to=TO)
        send_report(case, by=outbreak.by("gao", 900), kind="final", body="终报", to=TO)
        assert done(case, "final-report")
        refused(lambda: send_report(case, by=outbreak.by("gao", 999), kind="follow-up", body="续报", to=TO))

    def test_a_name_of_an_ill_person_does_not_leave_in_a_report(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        ill = outbreak.falls_ill(outbreak.pupils[outbreak.groups[0].pk][1])
        body = f"患者{ill.name}已送医"
        assert ill.name in refused(lambda: send_report(case, by=outbreak.by("gao"), kind="first", body=body, to=TO))

    def test_a_follow_up_is_due_after_the_first_report_and_again_after_each_until_the_final(
        self, outbreak: Outbreak
    ) -> None:
        case = outbreak.alarm()
        step = case.steps.get(code="follow-up-report")
        assert step.due_at is None
        assert step.post == "principal"
        send_report(case, by=outbreak.by("gao", 70), kind="first", body=BODY, to=TO)
        step.refresh_from_db()
        assert step.due_at == outbreak.now + timedelta(minutes=70, days=1)
        step.reminded_at = outbreak.by("gao", 9999).now
        step.save(update_fields=["reminded_at"])
        send_report(case, by=outbreak.by("gao", 70 + 1500), kind="follow-up", body="续报", to=TO)
        step.refresh_from_db()
        assert (step.done_at, step.reminded_at) == (None, None), "the next one is waited for, and brought to mind again"
        assert step.due_at == outbreak.now + timedelta(minutes=70 + 1500, days=1)
        late = AuditEntry.objects.filter(event="canteen.report_sent", detail__kind="follow-up").get()
        assert late.detail["late"] is True
        send_report(case, by=outbreak.by("gao", 70 + 2000), kind="final", body="终报", to=TO)
        step.refresh_from_db()
        assert (step.not_applicable, step.done_at is not None) == (False, True)

    def test_a_final_report_at_once_leaves_the_follow_up_out_and_says_why(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        for kind in ("first", "final"):
            send_report(case, by=outbreak.by("gao", 70), kind=kind, body=BODY, to=TO)
        step = case.steps.get(code="follow-up-report")
        assert step.not_applicable
        assert step.note

    def test_a_drills_report_stays_in_the_school(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm(drill=True)
        send_report(case, by=outbreak.by("gao", 30), kind="first", body=BODY, to=TO)
        assert not Notice.objects.filter(account=outbreak.world.bo).exists()


class TestFeeding:
    def test_a_person_stops_the_kitchen_with_a_meal_and_the_written_release_opens_it(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        meal: dict[str, Any] = {"instead": "镇中心食堂送盒饭", "boarders_instead": "早晚餐同送"}
        for missing in meal:
            refused(lambda missing=missing: provide_meal(case, by=outbreak.by("gao", 20), **meal | {missing: " "}))
        refused(lambda: provide_meal(case, by=outbreak.by("shi", 20), **meal), PermissionDenied)
        provide_meal(case, by=outbreak.by("gao", 20), **meal)
        stop = KitchenStop.objects.get()
        assert (stop.decided_by, stop.instead, stop.source) == (
            outbreak.world.gao,
            meal["instead"],
            case.incident.subject,
        )
        assert done(case, "substitute-meal")
        outbreak.falls_ill(outbreak.pupils[outbreak.groups[0].pk][1])
        with pytest.raises(Refused):
            release_kitchen(stop, by=outbreak.by("bo", 30), reason="看着没事")
        assert KitchenStop.objects.standing().exists()
        note_release(case, by=outbreak.by("gao", 999), body="区市场监管局", number="解〔2024〕7号")
        leader(outbreak.world.bai, outbreak)
        reopen_kitchen(case, by=outbreak.by("bai", 1001))
        assert not KitchenStop.objects.standing().exists()

    def test_a_cook_may_arrange_a_meal_without_stopping_anything(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        provide_meal(case, by=outbreak.by("shi", 20), instead="煮面", boarders_instead="煮面", stops=False)
        assert done(case, "substitute-meal")
        assert not KitchenStop.objects.exists()

    def test_a_drill_stops_no_kitchen(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm(drill=True)
        provide_meal(case, by=outbreak.by("gao", 20), instead="送盒饭", boarders_instead="送盒饭")
        assert done(case, "substitute-meal")
        assert not KitchenStop.objects.exists()

    def test_a_kitchen_stopped_for_nobody_ill_is_released_by_another(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        provide_meal(case, by=outbreak.by("gao", 20), instead="送盒饭", boarders_instead="送盒饭")
        refused(lambda: call_off(case, by=outbreak.by("gao", 25), reason="晕车"))
        release_kitchen(KitchenStop.objects.get(), by=outbreak.by("bo", 30), reason="晕车，不是食物")
        call_off(case, by=outbreak.by("gao", 31), reason="晕车，不是食物")


class TestOtherParents:
    def test_parents_of_the_well_are_told_at_once_those_of_the_ill_are_not(self, outbreak: Outbreak) -> None:
        case, world = outbreak.alarm(), outbreak.world
        refused(lambda: tell_other_parents(case, by=outbreak.by("lin", 30), text="好"), PermissionDenied)
        tell_other_parents(case, by=outbreak.by("gao", 30), text="部分学生不适，已照护。", also="班级群")
        assert Notice.objects.filter(account=world.du, body="部分学生不适，已照护。").count() == 1
        assert done(case, "parents-others")
        assert "班级群" in case.steps.get(code="parents-others").note
        child = Guardianship.objects.get(account=world.du).pupil
        outbreak.falls_ill(child, name="gao")
        tell_other_parents(case, by=outbreak.by("gao", 40), text="续告家长")
        assert not Notice.objects.filter(account=world.du, body="续告家长").exists()

    def test_in_a_drill_nobody_is_told(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm(drill=True)
        assert tell_other_parents(case, by=outbreak.by("gao", 30), text="部分学生不适。") == 0
        assert not Notice.objects.filter(account=outbreak.world.du).exists()


class TestEnd:
    def test_where_one_person_leads_anybody_notes_the_paper_and_that_one_opens(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        seal_things(case, by=outbreak.by("gao", 12), kind="kitchen", things=[Thing(place=outbreak.kitchen)])
        provide_meal(case, by=outbreak.by("gao", 20), instead="送盒饭", boarders_instead="送盒饭")
        note_release(case, by=outbreak.by("shi", 999), body="区市场监管局", number="解〔2024〕7号")
        reopen_kitchen(case, by=outbreak.by("gao", 1000))
        assert done(case, "reopen")
        assert not Stop.objects.standing().exists()
        assert KitchenStop.objects.get().released_at is not None

    def test_the_kitchen_opens_on_a_written_release_by_another_person(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        seal_things(case, by=outbreak.by("an", 12), kind="kitchen", things=[Thing(place=outbreak.kitchen)])
        director = outbreak.world.bai
        refused(lambda: reopen_kitchen(case, by=outbreak.by("gao", 999)))
        refused(lambda: note_release(case, by=outbreak.by("gao", 999), body="区市场监管局"))
        note_release(case, by=outbreak.by("gao", 999), body="区市场监管局", number="解〔2024〕7号")
        refused(lambda: reopen_kitchen(case, by=outbreak.by("gao", 1000)))
        refused(lambda: reopen_kitchen(case, by=outbreak.by("shi", 1000)), PermissionDenied)
        leader(director, outbreak)
        reopen_kitchen(case, by=outbreak.by("bai", 1001))
        assert not Stop.objects.standing().exists()
        assert not Suspension.objects.filter(lifted_at__isnull=True).exists()
        assert done(case, "reopen")
        refused(lambda: reopen_kitchen(case, by=outbreak.by("bai", 1002)))

    def test_a_false_alarm_is_called_off_only_while_nobody_is_ill(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        refused(lambda: call_off(case, by=outbreak.by("shi", 5), reason="晕车"), PermissionDenied)
        call_off(case, by=outbreak.by("gao", 6), reason="晕车，不是食物")
        case.refresh_from_db()
        assert (case.state, case.outcome) == ("closed", "false-alarm")
        assert not Suspension.objects.filter(lifted_at__isnull=True).exists()
        refused(lambda: call_off(case, by=outbreak.by("gao", 7), reason="又一次"))

    def test_with_somebody_ill_it_is_no_false_alarm(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        outbreak.falls_ill(outbreak.pupils[outbreak.groups[0].pk][1])
        refused(lambda: call_off(case, by=outbreak.by("gao", 6), reason="算了"))
        refused(lambda: close_case(case, by=outbreak.by("gao", 7), outcome="false-alarm", reason="算了"))

    def test_a_drill_ends_in_the_ledger_with_the_minutes_of_each_step(self, outbreak: Outbreak) -> None:
        load_catalogues(by=outbreak.world.system)
        case = outbreak.alarm(drill=True)
        do_step(case.steps.get(code="start-plan"), by=outbreak.by("gao", 4))
        send_report(case, by=outbreak.by("gao", 31), kind="first", body=BODY, to=TO)
        refused(lambda: end_drill(case, by=outbreak.by("gao", 40), found=" "))
        refused(lambda: end_drill(case, by=outbreak.by("wu", 40), found="好"), PermissionDenied)
        end_drill(case, by=outbreak.by("gao", 40), found="电话号码要贴在墙上")
        case.refresh_from_db()
        assert (case.state, case.outcome) == ("closed", "drilled")
        entry = LedgerEntry.objects.get(ledger="emergency-drill")
        for word in (case.number, "电话号码要贴在墙上", "书面初报"):
            assert word in entry.body
        took = {
            line.step.code: line.minutes for line in lines_of(case, outbreak.by("gao", 40)) if line.minutes is not None
        }
        assert took == {"start-plan": 4, "first-report": 31}

    def test_a_real_case_does_not_end_as_a_drill(self, outbreak: Outbreak) -> None:
        case = outbreak.alarm()
        refused(lambda: end_drill(case, by=outbreak.by("gao", 5), found="好"))
        refused(lambda: close_case(case, by=outbreak.by("gao", 5), outcome="drilled", reason="好"))


def leader(account: Any, outbreak: Outbreak) -> None:
    """A second head at school A."""
    account.grants.update(role="logistics_director", org=outbreak.world.school_a)
