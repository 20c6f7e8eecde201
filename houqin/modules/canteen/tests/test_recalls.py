"""What a recall does, and what it refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import translation

from houqin.core.audit.models import AuditEntry
from houqin.core.events.models import Event
from houqin.core.grants.viewers import viewer_for
from houqin.core.notices.models import Notice
from houqin.core.scope.refusals import Refused
from houqin.modules.canteen.actions.recalls import (
    acknowledge_recall,
    close_recall,
    launch_recall,
    lift_freeze,
    open_recall_by_two,
    propose_recall,
    report_found,
    widen_recall,
    withdraw_recall,
)
from houqin.modules.canteen.models import Product, Recall, RecallAnswer, RecallLot, Tier
from houqin.modules.canteen.tests.recall_scene import BAD_DAY, BATCH, REASON, Scene, party, put_lot
from tests.world import NOON, make_account

State = Recall.State
FOUND = {"store_grams": 7_000, "kitchen_grams": 4_000, "pot_grams": 1_000, "served_grams": 8_000}


def frozen(scene: Scene) -> set[int]:
    """Which lots are frozen now."""
    return {lot.pk for lot in scene.lots() if lot.is_frozen}


def test_preparing_freezes_nothing_and_asks_the_second_person(scene: Scene) -> None:
    recall = scene.proposed()
    assert recall.state == State.PROPOSED
    assert recall.number == "FC-20240304-0001"
    assert frozen(scene) == set()
    assert [n.account.username for n in Notice.objects.all()] == ["bai"]


def test_launching_freezes_every_lot_in_the_towns_reach_and_none_beyond(scene: Scene) -> None:
    recall = scene.launched()
    assert recall.state == State.OPEN
    assert frozen(scene) == {scene.lot_a.pk, scene.undated_a.pk, scene.lot_b.pk}
    tiers = dict(recall.lots.values_list("lot_id", "tier"))
    assert tiers == {
        scene.lot_a.pk: Tier.CERTAIN, scene.undated_a.pk: Tier.TO_RULE_OUT, scene.lot_b.pk: Tier.CERTAIN,
    }  # fmt: skip


def test_grams_are_noted_by_place(scene: Scene) -> None:
    row = scene.launched().lots.get(lot=scene.lot_a)
    assert (row.received_grams, row.in_store_grams, row.issued_today_grams, row.served_grams) == (
        20_000, 7_000, 5_000, 8_000,
    )  # fmt: skip


def test_each_school_is_told_what_to_do_and_what_to_cook_instead(scene: Scene) -> None:
    Notice.objects.all().delete()
    recall = scene.launched()
    to_an = Notice.objects.get(account=scene.world.an)
    assert to_an.level == Notice.Level.NOW
    assert to_an.url.startswith("/canteen/recall-notices/")
    assert "鸡腿" in to_an.title
    assert "（10 公斤）" in to_an.body, "seven of the dated lot and three of the undated one"
    assert "20240304A" in to_an.body, "the lot that is not concerned is named as the substitute"
    to_hu = Notice.objects.get(account=scene.world.hu)
    assert "20240304A" not in to_hu.body
    told = set(Notice.objects.values_list("account__username", flat=True))
    assert {"an", "gao", "hu"} <= told
    assert not {"du", "chen", "eve"} & told
    assert recall.answers.filter(notified_at__isnull=False).count() == 2


def test_a_school_without_anybody_to_tell_stays_untold(scene: Scene) -> None:
    scene.world.hu.grants.all().delete()
    recall = scene.launched()
    assert recall.answers.get(org=scene.world.school_b).notified_at is None


def test_notices_speak_the_language_of_the_account(scene: Scene) -> None:
    scene.world.hu.language = "en"
    scene.world.hu.save()
    scene.launched()
    assert "Stop and seal" in Notice.objects.get(account=scene.world.hu).title


def test_launch_is_told_as_an_event_and_in_the_trail(scene: Scene) -> None:
    recall = scene.launched()
    assert Event.objects.get(name="canteen.recall_launched").subject_id == str(recall.public_id)
    assert AuditEntry.objects.filter(event="canteen.lot_frozen").count() == 3
    assert AuditEntry.objects.get(event="canteen.recall_launched").actor_name == "白干事"


def test_the_office_above_is_asked_to_look_beyond_a_schools_walls(scene: Scene) -> None:
    propose_recall(scene.world.school_a, by=scene.world.viewer("an"), **scene.asked())
    told = {n.account.username: n for n in Notice.objects.all()}
    assert set(told) == {"gao", "bo", "bai"}
    assert f"produced={BAD_DAY}" in told["bo"].url


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"produced_on": None}, "produced_on"),
        ({"produced_on": NOON.date() + timedelta(days=1)}, "produced_on"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_incomplete_preparation_is_refused(scene: Scene, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        scene.proposed(**changes)
    assert refusal.value.field == field
    assert not Recall.objects.exists()
    assert not Notice.objects.exists()


def test_the_same_goods_are_recalled_once_at_a_time(scene: Scene) -> None:
    first = scene.proposed()
    with pytest.raises(Refused, match=first.number):
        scene.proposed()
    with pytest.raises(Refused, match=first.number):
        propose_recall(scene.world.school_a, by=scene.world.viewer("an"), **scene.asked())
    assert Recall.objects.count() == 1
    withdraw_recall(first, by=scene.world.viewer("bo"), reason="写错了日期")
    assert scene.proposed().number == "FC-20240304-0002"


def test_whoever_prepared_it_cannot_launch_it(scene: Scene) -> None:
    recall = scene.proposed()
    with pytest.raises(Refused):
        launch_recall(recall, by=scene.world.viewer("bo"))
    assert frozen(scene) == set()
    assert not RecallLot.objects.exists()
    recall.refresh_from_db()
    assert recall.state == State.PROPOSED


def test_the_system_is_no_person(scene: Scene) -> None:
    with pytest.raises(Refused):
        propose_recall(scene.world.town, by=scene.world.system, **scene.asked())
    recall = scene.proposed()
    with pytest.raises(Refused):
        launch_recall(recall, by=scene.world.system)
    assert frozen(scene) == set()


def test_launched_once_only(scene: Scene) -> None:
    recall = scene.launched()
    with pytest.raises(Refused):
        launch_recall(recall, by=scene.world.viewer("op"))
    assert RecallLot.objects.count() == 3


def test_keeper_prepares_but_does_not_launch_and_strangers_see_nothing(scene: Scene) -> None:
    recall = propose_recall(scene.world.school_a, by=scene.world.viewer("gao"), **scene.asked())
    with pytest.raises(PermissionDenied):
        launch_recall(recall, by=scene.world.viewer("an"))
    with pytest.raises(PermissionDenied):
        launch_recall(recall, by=scene.world.viewer("eve"))
    for stranger in ("chen", "hu", "du"):
        with pytest.raises((Http404, PermissionDenied)):
            launch_recall(recall, by=scene.world.viewer(stranger))
    with pytest.raises(Http404):
        propose_recall(scene.world.town, by=scene.world.viewer("chen"), **scene.asked())
    assert frozen(scene) == set()


def test_a_launch_that_would_reach_no_lot_is_refused(scene: Scene) -> None:
    recall = propose_recall(
        scene.world.school_b, by=scene.world.viewer("hu"), **scene.asked(produced_on=BAD_DAY - timedelta(days=40))
    )
    with pytest.raises(Refused):
        launch_recall(recall, by=scene.world.viewer("bo"))
    recall.refresh_from_db()
    assert recall.state == State.PROPOSED


def test_both_in_one_go_or_nothing(scene: Scene) -> None:
    world = scene.world
    with pytest.raises(Refused):
        open_recall_by_two(world.town, by=world.viewer("bo"), second=world.viewer("bo"), **scene.asked())
    assert not Recall.objects.exists()
    recall = open_recall_by_two(world.town, by=world.viewer("bo"), second=world.viewer("bai"), **scene.asked())
    assert recall.state == State.OPEN


def test_batch_asked_for_makes_other_batches_of_the_day_possible(scene: Scene) -> None:
    recall = scene.launched(batch=BATCH)
    tiers = dict(recall.lots.values_list("lot_id", "tier"))
    assert tiers[scene.lot_a.pk] == Tier.CERTAIN
    assert tiers[scene.lot_b.pk] == Tier.POSSIBLE


def test_merged_names_count_as_one(scene: Scene) -> None:
    from houqin.core.merging.actions import merge

    other = Product.objects.create(org=scene.world.province, name="鸡大腿")
    lot = put_lot(scene.world.school_b, other, scene.supplier, grams=1_000, produced_on=BAD_DAY)
    merge(scene.product, by=scene.world.system, duplicate=other)
    assert lot.pk in set(scene.launched().lots.values_list("lot_id", flat=True))


def test_two_towns_that_write_the_same_names_are_one_recall_for_the_province(scene: Scene) -> None:
    world = scene.world
    supplier = party(world.other_town, scene.supplier.name)
    product = Product.objects.create(org=world.other_town, name=scene.product.name)
    theirs = put_lot(world.school_c, product, supplier, grams=4_000, produced_on=BAD_DAY, batch="C1")
    head = make_account("province", "省厅值班", "office_director", world.province)
    recall = propose_recall(world.province, by=viewer_for(head, now=NOON), **scene.asked())
    launch_recall(recall, by=world.viewer("op"))
    assert {scene.lot_c.pk, theirs.pk, scene.lot_a.pk} <= frozen(scene)


# Answers ------------------------------------------------------------------------------------------------------


def answer_of(scene: Scene, recall: Recall) -> RecallAnswer:
    return recall.answers.get(org=scene.world.school_a)


def test_a_school_acknowledges_and_reports(scene: Scene) -> None:
    answer = answer_of(scene, scene.launched())
    acknowledge_recall(answer, by=scene.world.viewer("an"))
    with pytest.raises(Refused):
        acknowledge_recall(answer, by=scene.world.viewer("gao"))
    report_found(answer, by=scene.world.viewer("gao"), **FOUND, note="已封存在冷库东角")
    answer.refresh_from_db()
    assert answer.acknowledged_by == scene.world.an
    assert answer.answered_by == scene.world.gao
    assert answer.store_grams == 7_000


def test_a_second_report_amends_and_the_first_stays_in_the_trail(scene: Scene) -> None:
    answer = answer_of(scene, scene.launched())
    report_found(answer, by=scene.world.viewer("an"), **FOUND)
    with pytest.raises(Refused):
        report_found(answer, by=scene.world.viewer("an"), **FOUND)
    report_found(answer, by=scene.world.viewer("an"), **{**FOUND, "store_grams": 6_500})
    entry = AuditEntry.objects.get(event="canteen.recall_found_amended")
    assert entry.detail["before"]["store_grams"] == 7_000
    assert entry.detail["store_grams"] == 6_500


def test_wrong_answers_change_nothing(scene: Scene) -> None:
    answer = answer_of(scene, scene.launched())
    with pytest.raises(Refused) as refusal:
        report_found(answer, by=scene.world.viewer("an"), **{**FOUND, "pot_grams": -1})
    assert refusal.value.field == "pot_grams"
    for who, error in [("hu", Http404), ("chen", Http404), ("bo", PermissionDenied), ("eve", PermissionDenied)]:
        with pytest.raises(error):
            acknowledge_recall(answer, by=scene.world.viewer(who))
    answer.refresh_from_db()
    assert answer.acknowledged_at is None
    assert answer.answered_at is None


# Ending -------------------------------------------------------------------------------------------------------


def test_a_lot_ruled_out_is_free_and_its_school_told(scene: Scene) -> None:
    recall = scene.launched()
    Notice.objects.all().delete()
    row = recall.lots.get(lot=scene.undated_a)
    lift_freeze(row, by=scene.world.viewer("bo"), reason="送货单显示 3 月 2 日生产")
    assert frozen(scene) == {scene.lot_a.pk, scene.lot_b.pk}
    assert set(Notice.objects.values_list("account__username", flat=True)) == {"an", "gao"}
    with pytest.raises(Refused):
        lift_freeze(row, by=scene.world.viewer("bo"), reason="再来一次")
    with pytest.raises(Refused):
        lift_freeze(recall.lots.get(lot=scene.lot_a), by=scene.world.viewer("bo"), reason=" ")
    with pytest.raises(Http404):
        lift_freeze(recall.lots.get(lot=scene.lot_a), by=scene.world.viewer("gao"), reason="校长想用")
    assert scene.lot_a.pk in frozen(scene)


def test_a_lot_held_twice_stays_frozen_by_the_other_recall(scene: Scene) -> None:
    first = scene.launched()
    second = scene.launched(produced_on=None, batch=BATCH)
    lift_freeze(first.lots.get(lot=scene.lot_a), by=scene.world.viewer("bo"), reason="第一起查清")
    scene.lot_a.refresh_from_db()
    assert scene.lot_a.frozen_by == second
    lift_freeze(second.lots.get(lot=scene.lot_a), by=scene.world.viewer("bo"), reason="第二起也查清")
    scene.lot_a.refresh_from_db()
    assert scene.lot_a.frozen_by is None


def test_a_withdrawn_notice_frees_everything_and_tells_everybody(scene: Scene) -> None:
    recall = scene.launched()
    Notice.objects.all().delete()
    withdraw_recall(recall, by=scene.world.viewer("bai"), reason="批号看错，实为 2 月 29 日")
    assert frozen(scene) == set()
    told = set(Notice.objects.values_list("account__username", flat=True))
    assert {"an", "gao", "hu", "bo"} <= told
    recall.refresh_from_db()
    assert (recall.state, recall.withdrawn_reason) == (State.WITHDRAWN, "批号看错，实为 2 月 29 日")
    with pytest.raises(Refused):
        withdraw_recall(recall, by=scene.world.viewer("bo"), reason="再撤一次")
    with pytest.raises(Refused):
        acknowledge_recall(answer_of(scene, recall), by=scene.world.viewer("an"))


def test_closing_names_silent_schools_and_wants_a_reason(scene: Scene) -> None:
    recall = scene.launched()
    report_found(answer_of(scene, recall), by=scene.world.viewer("an"), **FOUND)
    with pytest.raises(Refused, match="柳河初级中学") as refusal:
        close_recall(recall, by=scene.world.viewer("bo"), report="已全部封存")
    assert refusal.value.field == "silent_reason"
    recall.refresh_from_db()
    assert recall.state == State.OPEN
    close_recall(recall, by=scene.world.viewer("bo"), report="已全部封存", silent_reason="校长电话确认未使用")
    recall.refresh_from_db()
    assert recall.state == State.CLOSED
    assert "柳河初级中学" in recall.report
    assert "校长电话确认未使用" in recall.report
    assert frozen(scene) == {scene.lot_a.pk, scene.undated_a.pk, scene.lot_b.pk}, "disposal is a later deed"


def test_lots_chosen_on_closing_are_freed(scene: Scene) -> None:
    recall = scene.launched()
    chosen = recall.lots.filter(lot=scene.undated_a)
    with pytest.raises(Refused):
        close_recall(recall, by=scene.world.viewer("bo"), report="完", silent_reason="已电话核实", lift=chosen)
    close_recall(
        recall, by=scene.world.viewer("bo"), report="完", silent_reason="已电话核实", lift=chosen, lift_reason="已排除"
    )
    assert frozen(scene) == {scene.lot_a.pk, scene.lot_b.pk}


def test_a_lot_recorded_late_is_taken_in(scene: Scene) -> None:
    recall = scene.launched()
    with pytest.raises(Refused):
        widen_recall(recall, by=scene.world.viewer("bo"))
    late = put_lot(scene.world.school_b, scene.product, scene.supplier, grams=2_000, produced_on=BAD_DAY, batch="X")
    widen_recall(recall, by=scene.world.viewer("bo"))
    assert late.pk in frozen(scene)
    assert recall.answers.count() == 2


# Drill --------------------------------------------------------------------------------------------------------


def test_a_drill_freezes_nothing_and_says_so_everywhere(scene: Scene) -> None:
    before = [(lot.pk, lot.on_hand_grams, lot.frozen_by_id) for lot in scene.lots()]
    recall = scene.launched(is_drill=True)
    assert recall.number == "YL-20240304-0001"
    assert recall.lots.count() == 3
    report_found(answer_of(scene, recall), by=scene.world.viewer("an"), **FOUND)
    close_recall(recall, by=scene.world.viewer("bo"), report="演练完成", silent_reason="未响应，列入讲评")
    assert [(lot.pk, lot.on_hand_grams, lot.frozen_by_id) for lot in scene.lots()] == before
    for notice in Notice.objects.all():
        assert "演练" in notice.title
        assert "演练" in notice.body
    assert not AuditEntry.objects.filter(event__in=["canteen.lot_frozen", "canteen.freeze_lifted"]).exists()


def test_a_drill_stands_beside_the_real_thing(scene: Scene) -> None:
    scene.launched(is_drill=True)
    scene.launched()
    assert frozen(scene) == {scene.lot_a.pk, scene.undated_a.pk, scene.lot_b.pk}


def test_refusals_speak_both_languages(scene: Scene) -> None:
    recall = scene.proposed()
    with translation.override("en"), pytest.raises(Refused, match="second person"):
        launch_recall(recall, by=scene.world.viewer("bo"))
    assert recall.reason == REASON
