"""The page at the door: what it offers, what it takes, and what it says when an entry is wrong."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from houqin.core.calendars.days import school_days
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.files.tests.pictures import jpeg
from houqin.core.people.actions.pins import set_pin
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.models import Credential
from houqin.modules.canteen.actions.codes import learn_code
from houqin.modules.canteen.models import (
    Delivery,
    DeliveryLine,
    GoodsCode,
    Menu,
    MenuDish,
    MenuIngredient,
    Product,
    TurnedAway,
)
from houqin.modules.canteen.tests.door import Door, make_door
from houqin.modules.canteen.tests.ledger import counted
from houqin.ui import offline, today
from tests.matrix.furnished import signed_in
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def door(world: World) -> Door:
    """The supplier came yesterday, as the browser counts days: now."""
    door = make_door(world)
    door.accept(
        door.line("鲜猪肉", 36_000, written="36kg", unit_price=258_000, amount_fen=92_880),
        door.line("白菜", 20_000, written="40斤"),
        by=now(world, -1),
    )
    return door


def now(world: World, days: int = 0, name: str = "an") -> Viewer:
    return world.viewer(name, now=timezone.now() + days * DAY)


@pytest.fixture
def an(world: World) -> Client:
    return signed_in(world, "an")


def page_of(door: Door) -> str:
    return f"{reverse('canteen:accept-delivery', args=[door.supplier.public_id])}?school={door.org.path}"


def entries(door: Door, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the page sends for these lines."""
    sent: dict[str, Any] = {
        "_key": str(uuid4()), "goods-TOTAL_FORMS": len(lines), "goods-INITIAL_FORMS": 0, "papers-TOTAL_FORMS": 0,
        "papers-INITIAL_FORMS": 0, "note": "",
    }  # fmt: skip
    for place, line in enumerate(lines):
        goods = line.pop("goods")
        named = door.goods.get(goods)
        sent[f"goods-{place}-product"] = str(named.public_id) if named else goods
        sent |= {f"goods-{place}-{name}": value for name, value in ({"unit": "kg"} | line).items()}
    return sent | more


class TestThePage:
    def test_offers_suppliers_then_what_they_usually_bring(self, door: Door, an: Client) -> None:
        first = an.get(reverse("canteen:accept"))
        assert [one.name for one in first.context["usual"]] == [door.supplier.name]
        shown = an.get(page_of(door))
        lines = shown.context["form"].goods.forms
        assert [line.offered.product.name if line.offered else "" for line in lines] == ["鲜猪肉", "白菜", ""]
        assert [line.initial.get("unit") for line in lines[:2]] == ["kg", "jin"]
        assert 'value="25.8"' in shown.content.decode()
        assert "36</" not in shown.content.decode()

    def test_a_delivery_is_recorded_once_and_leads_to_its_page(self, door: Door, an: Client) -> None:
        sent = entries(
            door,
            {"goods": "鲜猪肉", "number": "３６．５", "price": "25.8"},
            {"goods": "白菜", "number": "44", "unit": "jin"},
        )
        first, second = an.post(page_of(door), sent), an.post(page_of(door), sent)
        made = Delivery.objects.latest("pk")
        assert first["Location"] == second["Location"] == reverse("canteen:deliveries-detail", args=[made.public_id])
        pork, cabbage = made.lines.order_by("pk")
        assert (pork.quantity_grams, pork.written_quantity, pork.amount_fen) == (36_500, "36.5kg", 94_170)
        assert (cabbage.quantity_grams, cabbage.written_quantity) == (22_000, "44斤")
        assert Delivery.objects.count() == 2
        assert an.get(first["Location"]).status_code == 200

    def test_packs_are_weighed_by_what_one_holds(self, door: Door, an: Client) -> None:
        line = {
            "goods": "大米",
            "number": "4",
            "unit": "pack",
            "pack_grams": "25",
            "produced_on": "2024-02-20",
            "code": "6901234567892",
        }
        an.post(page_of(door), entries(door, line))
        made = DeliveryLine.objects.latest("pk")
        assert (made.quantity_grams, made.written_quantity) == (100_000, "4袋×25kg")
        assert GoodsCode.objects.get().pack_grams == 25_000

    def test_goods_are_added_by_name(self, door: Door, an: Client) -> None:
        an.post(page_of(door), entries(door, {"goods": "鸡蛋", "number": "5"}))
        assert DeliveryLine.objects.latest("pk").lot.product == door.goods["鸡蛋"]

    def test_it_costs_the_same_for_few_usual_goods_and_for_many(self, door: Door, an: Client) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert an.get(page_of(door)).status_code == 200
            return len(queries)

        an.get(page_of(door))
        few = cost()
        many = [Product.objects.create(org=door.world.town, name=f"蔬菜{n}", category="vegetable") for n in range(40)]
        door.accept(*(door.line(one, 5_000) for one in many), by=now(door.world, -1))
        assert cost() <= few

    def test_a_phone_keeps_the_pages_of_those_who_usually_come(self, door: Door) -> None:
        assert page_of(door) in offline.pages_for(now(door.world))
        assert page_of(door) not in offline.pages_for(now(door.world, name="shi"))


class TestWrongEntries:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, door: Door) -> Any:
        before = counted()
        yield
        assert counted() == before
        assert not Credential.objects.exists()

    def wrong(self, door: Door, an: Client, *lines: dict[str, Any], **more: Any) -> list[set[str]]:
        answer = an.post(page_of(door), entries(door, *lines, **more))
        assert answer.status_code == 422
        return [set(line.errors) for line in answer.context["form"].goods.forms]

    def test_ten_times_the_usual_asks_again_beside_its_line(self, door: Door, an: Client) -> None:
        answer = an.post(
            page_of(door), entries(door, {"goods": "白菜", "number": "20"}, {"goods": "鲜猪肉", "number": "365"})
        )
        cabbage, pork = answer.context["form"].goods.forms
        assert (set(cabbage.errors), set(pork.errors)) == (set(), {"sure"})
        assert pork["number"].value() == "365"

    def test_the_wrong_unit_of_a_decimal_too_few(self, door: Door, an: Client) -> None:
        assert self.wrong(door, an, {"goods": "鲜猪肉", "number": "3.6"}) == [{"sure"}]

    def test_a_day_to_come_and_a_day_gone(self, door: Door, an: Client) -> None:
        later, before = (timezone.localdate() + DAY).isoformat(), (timezone.localdate() - DAY).isoformat()
        assert self.wrong(door, an, {"goods": "大米", "number": "25", "produced_on": later}) == [{"produced_on"}]
        old = {"goods": "大米", "number": "25", "produced_on": "2020-01-01", "expires_on": before}
        assert self.wrong(door, an, old) == [{"expires_on"}]
        assert self.wrong(door, an, {"goods": "大米", "number": "25"}) == [{"produced_on"}]

    @pytest.mark.parametrize("clock", [-3, 3])
    def test_a_phone_whose_clock_is_days_off_is_set_right(self, door: Door, an: Client, clock: int) -> None:
        phone = (timezone.now() + clock * DAY).isoformat()
        tomorrow = (timezone.localdate() + DAY).isoformat()
        answer = an.post(
            page_of(door), entries(door, {"goods": "大米", "number": "25", "produced_on": tomorrow}),
            headers={"X-Houqin-Captured": phone, "X-Houqin-Clock": phone},
        )  # fmt: skip
        assert set(answer.context["form"].goods.forms[0].errors) == {"produced_on"}

    def test_a_photo_of_60_megabytes_and_a_drawing(self, door: Door, an: Client) -> None:
        for content, name in (
            (b"\xff\xd8\xff\xe0" + b"0" * 60 * 1024 * 1024, "a.jpg"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.jpg"),
        ):
            photo = SimpleUploadedFile(name, content, "image/jpeg")
            answer = an.post(page_of(door), entries(door, {"goods": "白菜", "number": "20"}, photo=photo))
            assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"photo"})

    def test_goods_of_another_school(self, door: Door, an: Client) -> None:
        foreign = Product.objects.create(org=door.world.school_b, name="隔壁的鱼")
        try:
            assert self.wrong(door, an, {"goods": str(foreign.public_id), "number": "5"}) == [{"product"}]
            assert self.wrong(door, an, {"goods": "隔壁的鱼", "number": "5"}) == [{"product"}]
        finally:
            foreign.delete()

    def test_nothing_at_all_and_a_pack_of_unknown_content(self, door: Door, an: Client) -> None:
        assert an.post(page_of(door), entries(door, {"goods": "白菜"})).status_code == 422
        assert self.wrong(door, an, {"goods": "白菜", "number": "4", "unit": "pack"}) == [{"pack_grams"}]

    def test_turned_away_without_a_reason(self, door: Door, an: Client) -> None:
        assert self.wrong(door, an, {"goods": "白菜", "away": "5"}) == [{"away_why"}]
        gone = {"goods": "白菜", "away": "5", "away_why": "senses", "away_outcome": "destroyed"}
        assert self.wrong(door, an, gone) == [{"away_photo"}]

    def test_another_school_and_another_role(self, door: Door) -> None:
        for person, status in (("hu", 404), ("shi", 403), ("chen", 404)):
            client = signed_in(door.world, person)
            assert client.post(page_of(door), entries(door, {"goods": "白菜", "number": "5"})).status_code == status


class TestPapersAndPhotos:
    @pytest.fixture(autouse=True)
    def _loaded(self, world: World) -> None:
        load_catalogues(by=world.system)

    def papers(self, *rows: dict[str, Any]) -> dict[str, Any]:
        sent: dict[str, Any] = {"papers-TOTAL_FORMS": 8}
        for place, row in enumerate(rows):
            sent |= {f"papers-{place}-{name}": value for name, value in row.items()}
        return sent

    def kinds(self, door: Door, an: Client) -> list[str]:
        return [choice.kinds[0][0] for choice in an.get(page_of(door)).context["arrival"].papers]

    def test_one_photo_shows_the_papers_that_are_ticked(self, door: Door, an: Client) -> None:
        rows = [
            {"kind": kind, "on_photo": "on" if kind.startswith(("quarantine", "meat-quality")) else ""}
            for kind in self.kinds(door, an)
        ]
        photo = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
        sent = entries(door, {"goods": "鲜猪肉", "number": "36"}, photo=photo, **self.papers(*rows))
        assert an.post(page_of(door), sent).status_code == 302
        shown = Credential.objects.all()
        assert {one.kind for one in shown} == {"quarantine-certificate", "meat-quality-certificate"}
        assert len({one.photo_id for one in shown}) == 1
        assert DeliveryLine.objects.latest("pk").condition == ""

    def test_a_tick_without_a_photo_and_a_photo_without_a_tick(self, door: Door, an: Client) -> None:
        rows = [{"kind": kind, "on_photo": "on"} for kind in self.kinds(door, an)]
        for more in (self.papers(*rows), {"photo": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")}):
            answer = an.post(page_of(door), entries(door, {"goods": "鲜猪肉", "number": "36"}, **more))
            assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"photo"})

    def test_goods_destroyed_on_the_spot_are_shown(self, door: Door, an: Client) -> None:
        photo = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
        gone = {"goods": "白菜", "away": "5", "away_why": "senses", "away_outcome": "destroyed", "away_photo": photo}
        assert an.post(page_of(door), entries(door, gone)).status_code == 302
        assert TurnedAway.objects.get().photo is not None

    def test_what_was_promised_stands_on_today_until_it_is_handed_in(self, door: Door, an: Client) -> None:
        an.post(page_of(door), entries(door, {"goods": "鲜猪肉", "number": "36"}))
        line = DeliveryLine.objects.latest("pk")
        address = reverse("canteen:delivery-lines-meet-condition", args=[line.public_id])
        for name, told in (("an", True), ("gao", True), ("shi", False), ("bo", False), ("hu", False)):
            rows = [row for group in today.gather(now(door.world, name=name)).values() for row in group]
            assert any(row.url == address for row in rows) is told, name
        assert an.post(address, {"_key": str(uuid4()), "number": "4206001"}).status_code == 302
        rows = [row for group in today.gather(now(door.world)).values() for row in group]
        assert not any(row.url == address for row in rows)


class TestCodes:
    def said(self, door: Door, an: Client, code: str) -> dict[str, Any]:
        address = f"{reverse('canteen:accept-code')}?school={door.org.path}"
        found: dict[str, Any] = an.get(address, {"code": code, "school": door.org.path}).json()
        return found

    def test_a_barcode_is_known_once_it_was_learnt(self, door: Door, an: Client) -> None:
        assert set(self.said(door, an, "6901234567892")) == {"code", "message"}
        learn_code(door.org, by=now(door.world), code="6901234567892", product=door.goods["大米"], pack_grams=25_000)
        said = self.said(door, an, "6901234567892")
        assert (said["name"], said["unit"], said["pack_grams"]) == ("大米", "pack", "25")

    def test_what_another_school_learnt_is_not_known_here(self, door: Door, an: Client) -> None:
        product = Product.objects.create(org=door.world.school_b, name="隔壁的米")
        learn_code(door.world.school_b, by=now(door.world, name="hu"), code="6901234567892", product=product)
        assert "product" not in self.said(door, an, "6901234567892")

    def test_a_suppliers_label_fills_the_line(self, door: Door, an: Client) -> None:
        said = self.said(door, an, "HQ1;product=大米;batch=B7;produced=2024-02-20;expires=2025-02-19;kg=25;n=4;cert=R1")
        assert said == {
            "product": str(door.goods["大米"].public_id), "name": "大米", "batch": "B7", "produced_on": "2024-02-20",
            "expires_on": "2025-02-19", "unit": "pack", "pack_grams": "25", "number": "4", "certificate": "R1",
        }  # fmt: skip

    @pytest.mark.parametrize(
        "code", ["", "https://example.com/x", "HQ1;product=没有的", "HQ1;product=大米;produced=坏"]
    )
    def test_others_are_answered_in_words(self, door: Door, an: Client, code: str) -> None:
        assert self.said(door, an, code)["message"]


class TestSigning:
    def test_a_colleague_signs_by_pin_and_five_wrong_ones_lock(self, door: Door, an: Client) -> None:
        delivery = Delivery.objects.get()
        address = reverse("canteen:deliveries-sign-by-pin", args=[delivery.public_id])
        set_pin(by=now(door.world, name="lin"), pin="283917")
        for _try in range(5):
            answer = an.post(address, {"_key": str(uuid4()), "signer": door.world.lin.pk, "pin": "000001"})
            assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"pin"})
        locked = an.post(address, {"_key": str(uuid4()), "signer": door.world.lin.pk, "pin": "283917"})
        assert locked.status_code == 422
        delivery.refresh_from_db()
        assert delivery.signed_by is None

    def test_today_leads_the_second_person_there_and_the_first_to_the_pin(self, door: Door) -> None:
        delivery = Delivery.objects.get()
        expected = {
            "shi": reverse("canteen:to-sign-detail", args=[delivery.public_id]),
            "lin": reverse("canteen:to-sign-detail", args=[delivery.public_id]),
            "an": reverse("canteen:to-sign-sign-by-pin", args=[delivery.public_id]),
        }
        for name, address in expected.items():
            rows = [row for group in today.gather(now(door.world, name=name)).values() for row in group]
            assert address in [row.url for row in rows], name
            assert signed_in(door.world, name).get(address).status_code == 200

    def test_a_class_teacher_signs_with_one_tap(self, door: Door) -> None:
        delivery = Delivery.objects.get()
        address = reverse("canteen:to-sign-sign", args=[delivery.public_id])
        assert signed_in(door.world, "lin").post(address, {"_key": str(uuid4())}).status_code == 302
        delivery.refresh_from_db()
        assert delivery.signed_by == door.world.lin

    def test_ones_own_pin_is_typed_twice(self, door: Door) -> None:
        client = signed_in(door.world, "lin")
        wrong = client.post(reverse("ui:pin"), {"_key": str(uuid4()), "pin": "283917", "again": "283918"})
        assert wrong.status_code == 422
        assert (
            client.post(reverse("ui:pin"), {"_key": str(uuid4()), "pin": "283917", "again": "283917"}).status_code
            == 302
        )
        door.world.lin.refresh_from_db()
        assert door.world.lin.pin


def test_what_the_menus_lack_stands_first(door: Door, an: Client) -> None:
    tomorrow = next(iter(school_days(door.org, timezone.localdate() + DAY, timezone.localdate() + 40 * DAY)))
    menu = Menu.objects.create(org=door.org, day=tomorrow, kind="lunch")
    dish = MenuDish.objects.create(org=door.org, menu=menu, name="醋溜白菜", position=0)
    MenuIngredient.objects.create(org=door.org, dish=dish, product=door.goods["白菜"], grams_per_head=200)
    first, second = an.get(page_of(door)).context["arrival"].expected
    assert (first.product.name, second.product.name) == ("白菜", "鲜猪肉")
    assert first.needed_grams == 40_000
    assert second.needed_grams == 0
