"""The pages of trace and recall: what they say first, what they refuse, what they keep."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from houqin.core.policies.actions import set_policy
from houqin.modules.canteen.actions.recalls import acknowledge_recall, launch_recall, propose_recall, withdraw_recall
from houqin.modules.canteen.models import Lot, Recall, RecallAnswer
from houqin.modules.canteen.queries.boards import board
from houqin.modules.canteen.queries.flow import LABEL_HEIGHT, MOST_MEALS, height, picture
from houqin.modules.canteen.queries.trace import trace_goods, trace_lot
from houqin.modules.canteen.tests.recall_scene import REASON, Scene, make_scene, party, put_lot, serve
from houqin.ui import today
from tests.world import World, make_school

MONDAY = date(2026, 3, 2)


@pytest.fixture
def scene(world: World) -> Scene:
    """The bad batch as of today, since pages know no other day."""
    return make_scene(world, today=timezone.localdate())


def signed_in(scene: Scene, name: str) -> Client:
    client = Client()
    client.force_login(getattr(scene.world, name))
    return client


def read(response: Any) -> str:
    return "".join(response.content.decode().split())


def asked(scene: Scene, **changes: str) -> dict[str, str]:
    return {"supplier": "宏发", "product": "鸡腿", "produced": scene.bad_day.isoformat(), "batch": "", **changes}


def launched(scene: Scene, **changes: Any) -> Recall:
    now = timezone.now()
    recall = propose_recall(scene.world.town, by=scene.world.viewer("bo", now), **scene.asked(**changes))
    return launch_recall(recall, by=scene.world.viewer("bai", now))


# Trace --------------------------------------------------------------------------------------------------------


def test_the_answer_stands_first_and_stops_at_the_reach(scene: Scene) -> None:
    page = signed_in(scene, "bo").get("/canteen/trace/", asked(scene))
    text = read(page)
    assert "2所学校、2餐、" in text
    assert "其中人数为估计" in text, "today's lunch was not counted"
    assert "另有1批（3公斤）" in text
    assert "石桥小学" not in text
    assert f"/canteen/recalls/new/?supplier={scene.supplier.public_id}" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"supplier": ""}, "请填写。"),
        ({"supplier": "查无此店"}, "没有“查无此店”的记录"),
        ({"produced": "", "batch": ""}, "请填写生产日期或批号。"),
        ({"produced": "4月12日"}, "请写全年月日"),
        ({"produced": "2024-02-31"}, "请写全年月日"),
    ],
)
def test_what_cannot_be_traced_is_said_beside_the_field_and_nothing_typed_is_lost(
    scene: Scene, changes: dict[str, str], says: str
) -> None:
    page = signed_in(scene, "bo").get("/canteen/trace/", asked(scene, **changes))
    assert page.status_code == 200
    assert says in read(page)
    for typed in {**asked(scene), **changes}.values():
        if typed not in ("宏发",):
            assert typed in page.content.decode()


def test_dates_are_read_as_people_write_them(scene: Scene) -> None:
    day = scene.bad_day
    page = signed_in(scene, "bo").get("/canteen/trace/", asked(scene, produced=f"{day.year}年{day.month}月{day.day}日"))
    assert "2所学校" in read(page)


def test_several_names_are_named(scene: Scene) -> None:
    party(scene.world.province, "宏发粮油")
    assert "宏发粮油" in read(signed_in(scene, "bo").get("/canteen/trace/", asked(scene)))


def test_from_a_lot_and_back_from_a_meal(scene: Scene) -> None:
    client = signed_in(scene, "an")
    page = client.get("/canteen/trace/", {"lot": str(scene.lot_a.public_id)})
    assert "1所学校" in read(page), "a keeper's trace stops at the school's walls"
    meal = scene.lot_a.moves.exclude(meal=None).first().meal
    back = client.get("/canteen/trace/", {"meal": str(meal.public_id)})
    assert f"?lot={scene.lot_a.public_id}" in back.content.decode()
    assert client.get("/canteen/trace/", {"lot": str(scene.lot_b.public_id)}).status_code == 404


def test_the_workbook_holds_meals_and_lots_and_no_formula(scene: Scene) -> None:
    put_lot(scene.world.school_b, scene.product, scene.supplier, grams=1_000, produced_on=scene.bad_day, batch="=1+1")
    answer = signed_in(scene, "bo").get("/canteen/trace/", asked(scene, format="xlsx"))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    meals, lots = book.worksheets
    assert [row[0].value for row in meals.iter_rows(min_row=2)] == ["柳河中心小学", "柳河中心小学"]
    batches = {row[4].value: row[4].data_type for row in lots.iter_rows(min_row=2)}
    assert batches["'=1+1"] == "s"


def test_two_schools_of_one_name_are_two_in_the_picture(scene: Scene) -> None:
    twin = make_school(scene.world.other_town, scene.world.school_a.name, 70)
    serve(
        put_lot(twin, scene.product, scene.supplier, grams=6_000, produced_on=scene.bad_day, batch="T"), 1_000,
        day=scene.bad_day,
    )  # fmt: skip
    trace = trace_goods(
        scene.world.viewer("eve", timezone.now()), supplier=scene.supplier, product=scene.product,
        produced_on=scene.bad_day,
    )  # fmt: skip
    drawn = picture(trace, scene.supplier.name)["series"][0]
    names = [node["name"] for node in drawn["data"]]
    assert len(names) == len(set(names))
    assert sum(node["label"]["formatter"].startswith("柳河中心小学") for node in drawn["data"]) == 2
    assert {link["source"] for link in drawn["links"]} | {link["target"] for link in drawn["links"]} == set(names)


@pytest.mark.parametrize(("days", "ends"), [(29, 29), (31, 5), (250, 9)])
def test_more_meals_than_labels_are_joined_and_weigh_the_same(scene: Scene, days: int, ends: int) -> None:
    """29 single meals; 31 days in five weeks; what no 30 weeks hold goes by months."""
    lot = put_lot(scene.world.school_b, scene.product, scene.supplier, grams=900_000, produced_on=MONDAY, batch="L")
    for number in range(days):
        serve(lot, 1_000, day=MONDAY + timedelta(days=number), eaters=100)
    trace = trace_lot(scene.world.viewer("eve", timezone.now()), lot)
    drawn = picture(trace, scene.supplier.name)["series"][0]
    school = scene.world.school_b.name
    eaten = {
        link["target"]: link["value"] for link in drawn["links"] if link["source"] == school and "20" in link["target"]
    }
    assert len(eaten) == ends
    assert sum(eaten.values()) == days
    labels = {node["name"]: node["label"]["formatter"] for node in drawn["data"]}
    assert len(labels) == len(drawn["data"])
    assert height(trace) >= len(eaten) * LABEL_HEIGHT
    assert all(("人次" in labels[name]) == (days > MOST_MEALS) for name in eaten)


def test_the_printed_trace_has_a_line_to_sign(scene: Scene) -> None:
    text = read(signed_in(scene, "bo").get("/canteen/trace/", asked(scene, print="1")))
    assert "负责人" in text
    assert "经办人" in text


# Recall -------------------------------------------------------------------------------------------------------


def test_two_persons_in_the_browser(scene: Scene) -> None:
    bo, bai = signed_in(scene, "bo"), signed_in(scene, "bai")
    form = {
        "org": scene.world.town.pk, "supplier": scene.supplier.public_id, "product": scene.product.public_id,
        "produced_on": scene.bad_day, "reason": REASON,
    }  # fmt: skip
    bo.post("/canteen/recalls/new/", form)
    recall = Recall.objects.get()
    own = bo.post(f"/canteen/recalls/{recall.public_id}/launch-recall/", follow=True)
    assert "须由第二人核对后启动" in read(own)
    assert not Lot.objects.filter(frozen_by__isnull=False).exists()
    assert "封存并通知2所学校" in read(bai.get(f"/canteen/recalls/{recall.public_id}/launch-recall/"))
    done = bai.post(f"/canteen/recalls/{recall.public_id}/launch-recall/", follow=True)
    assert "已封存库存40公斤" in read(done)


def test_a_preparation_without_date_or_batch_keeps_what_was_typed(scene: Scene) -> None:
    form = {
        "org": scene.world.town.pk, "supplier": scene.supplier.public_id, "product": scene.product.public_id,
        "reason": REASON,
    }  # fmt: skip
    page = signed_in(scene, "bo").post("/canteen/recalls/new/", form)
    assert page.status_code == 422
    assert REASON in page.content.decode()
    assert not Recall.objects.exists()


def test_a_school_acknowledges_by_one_tap_and_reports_kilograms(scene: Scene) -> None:
    answer = launched(scene).answers.get(org=scene.world.school_a)
    an, page = signed_in(scene, "an"), f"/canteen/recall-notices/{answer.pk}/"
    text = read(an.get(page))
    for words in ("锅内", "当日已出库", "10公斤", "可改用其他批次", "已看到，立即停用", "待排除"):
        assert words in text
    assert "请接着称重" in read(an.post(f"{page}acknowledge-recall/", follow=True))
    found = {"pot_grams": "0.5", "kitchen_grams": "４.5", "store_grams": "10", "served_grams": "8"}
    wrong = an.post(f"{page}report-found/", {**found, "store_grams": "-1"})
    assert wrong.status_code == 422
    assert "４.5" in wrong.content.decode()
    an.post(f"{page}report-found/", found)
    answer.refresh_from_db()
    assert (answer.pot_grams, answer.kitchen_grams, answer.store_grams) == (500, 4_500, 10_000)


def test_who_only_reads_finds_no_button_and_a_closed_door(scene: Scene) -> None:
    recall = launched(scene)
    answer = recall.answers.get(org=scene.world.school_a)
    eve = signed_in(scene, "eve")
    board = eve.get(f"/canteen/recalls/{recall.public_id}/")
    assert "launch-recall" not in board.content.decode()
    assert "close-recall" not in board.content.decode()
    assert eve.post(f"/canteen/recalls/{recall.public_id}/withdraw-recall/", {"reason": "试"}).status_code == 403
    assert eve.post(f"/canteen/recall-notices/{answer.pk}/acknowledge-recall/").status_code == 403
    assert signed_in(scene, "hu").get(f"/canteen/recall-notices/{answer.pk}/").status_code == 404
    assert signed_in(scene, "chen").get(f"/canteen/recalls/{recall.public_id}/report/").status_code == 404
    recall.refresh_from_db()
    assert recall.state == Recall.State.OPEN


def test_a_principal_sees_the_lots_of_the_towns_recall_but_cannot_lift(scene: Scene) -> None:
    row = launched(scene).lots.get(lot=scene.lot_a)
    page = f"/canteen/recall-lots/{row.pk}/"
    assert "lift-freeze" not in signed_in(scene, "gao").get(page).content.decode()
    assert "lift-freeze" in signed_in(scene, "bo").get(page).content.decode()


def test_report_as_paper_and_as_workbook(scene: Scene) -> None:
    recall = launched(scene)
    bo = signed_in(scene, "bo")
    text = read(bo.get(f"/canteen/recalls/{recall.public_id}/report/"))
    for words in ("食材停用封存与追溯排查报告", recall.number, "负责人", "经办人", "（盖章）", "柳河初级中学"):
        assert words in text
    answer = bo.get(f"/canteen/recalls/{recall.public_id}/report/", {"format": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["柳河中心小学", "柳河初级中学"]


def test_a_lot_recorded_late_is_pointed_out(scene: Scene) -> None:
    recall = launched(scene)
    put_lot(scene.world.school_b, scene.product, scene.supplier, grams=500, produced_on=scene.bad_day, batch="L")
    bo = signed_in(scene, "bo")
    assert "启动后又登记了1个相关批次" in read(bo.get(f"/canteen/recalls/{recall.public_id}/"))
    bo.post(f"/canteen/recalls/{recall.public_id}/widen-recall/")
    assert "启动后又登记了" not in read(bo.get(f"/canteen/recalls/{recall.public_id}/"))


# Today and search ---------------------------------------------------------------------------------------------


def rows(scene: Scene, name: str, later: timedelta = timedelta()) -> dict[str, list[str]]:
    found = today.gather(scene.world.viewer(name, timezone.now() + later))
    return {bucket: [str(row.what) for row in rows] for bucket, rows in found.items() if rows}


def test_today_asks_the_second_person_not_the_first(scene: Scene) -> None:
    propose_recall(scene.world.town, by=scene.world.viewer("bo", timezone.now()), **scene.asked())
    assert any("请第二人复核启动" in what for what in rows(scene, "bai")["now"])
    assert not any("请第二人" in what for found in rows(scene, "bo").values() for what in found)


def test_today_of_a_school_goes_from_acknowledging_to_reporting_to_done(scene: Scene) -> None:
    answer = launched(scene).answers.get(org=scene.world.school_a)
    assert any(what.startswith("停用封存") for what in rows(scene, "an")["now"])
    assert any(what.startswith("停用封存") for what in rows(scene, "an", timedelta(minutes=31))["overdue"])
    acknowledge_recall(answer, by=scene.world.viewer("an", timezone.now()))
    late = rows(scene, "an", timedelta(minutes=31))
    assert any(what.startswith("上报排查结果") for bucket in ("now", "later") for what in late.get(bucket, []))
    RecallAnswer.objects.filter(pk=answer.pk).update(answered_at=timezone.now())
    assert "now" not in rows(scene, "an")
    assert rows(scene, "an")["done"]


def test_today_of_the_office_counts_silent_schools(scene: Scene) -> None:
    launched(scene)
    assert "2 所学校中 2 所未确认" in rows(scene, "bo")["now"]
    assert "2 所学校中 2 所未确认" in rows(scene, "bo", timedelta(hours=1))["overdue"]
    assert rows(scene, "chen") == {}


def test_a_school_with_a_stricter_time_of_its_own_is_overdue_earlier(scene: Scene) -> None:
    gao = scene.world.viewer("gao", timezone.now())
    set_policy(scene.world.school_a, by=gao, code="canteen.recall_acknowledge", value=10, reason="校务会决定")
    recall = launched(scene)
    assert any(what.startswith("停用封存") for what in rows(scene, "an", timedelta(minutes=11))["overdue"])
    due = {line.answer.org: line.due - line.answer.notified_at for line in board(recall, gao)["lines"]}
    assert due == {scene.world.school_a: timedelta(minutes=10), scene.world.school_b: timedelta(minutes=30)}


@pytest.mark.parametrize(
    ("text", "found"),
    [("宏发", "供货单位"), ("鸡腿", "食材"), ("FC-", "停用封存"), ("batch", "批次"), ("day", "餐次")],
)
def test_the_one_search_box_finds_it(scene: Scene, text: str, found: str) -> None:
    launched(scene)
    text = {"batch": scene.lot_a.batch, "day": scene.bad_day.isoformat()}.get(text, text)
    page = read(signed_in(scene, "bo").get("/search/", {"q": text}))
    assert found in page
    nobody = read(signed_in(scene, "chen").get("/search/", {"q": scene.lot_a.batch}))
    assert "柳河" not in nobody


# Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", ["/canteen/recalls/{ref}/", "/canteen/recalls/{ref}/report/", "/canteen/recalls/", "/"]
)
def test_a_page_costs_the_same_for_two_schools_and_for_twelve(scene: Scene, page: str) -> None:
    client = signed_in(scene, "bo")

    def cost(recall: Recall) -> int:
        address = page.format(ref=recall.public_id)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = launched(scene)
    cost_of_few = cost(few)
    withdraw_recall(few, by=scene.world.viewer("bo", timezone.now()), reason="换一个")
    for number in range(50, 60):
        school = make_school(scene.world.town, f"村小{number}", number)
        put_lot(school, scene.product, scene.supplier, grams=1_000, produced_on=scene.bad_day, batch="S")
    many = launched(scene)
    assert many.answers.count() == 12
    assert cost(many) <= cost_of_few + 1
