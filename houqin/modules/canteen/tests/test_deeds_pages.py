"""The store's pages: a deed from the lot's page, Today of who has to act, the count in one page, the trace with what left."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from houqin.core.people.models import Account
from houqin.modules.canteen.actions.corrections import correct_line
from houqin.modules.canteen.actions.deeds import give_back_for_exchange, return_to_supplier, send_to_school, write_off
from houqin.modules.canteen.models import (
    Correction,
    Delivery,
    DeliveryLine,
    Lot,
    Origin,
    StockEntry,
    Stocktake,
    Transfer,
)
from houqin.modules.canteen.queries.flow import picture
from houqin.modules.canteen.queries.trace import trace_lot
from houqin.modules.canteen.tests.deeds_scene import Store, make_store
from houqin.modules.canteen.tests.deeds_scene import picture as photo
from houqin.ui.today import gather
from tests.world import World


@pytest.fixture
def store(world: World) -> Store:
    from django.utils import timezone

    made = make_store(world)
    made.now = timezone.now()
    return made


def signed_in(account: Account) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def today(store: Store, name: str) -> list[str]:
    return [str(row.what) for rows in gather(store.by(name)).values() for row in rows]


class TestLot:
    def test_goods_go_back_from_the_lots_page_and_a_second_tap_changes_nothing(self, store: Store) -> None:
        client, lot = signed_in(store.world.an), store.lot()
        url = reverse("canteen:lots-return-to-supplier", args=[lot.public_id])
        page = client.get(url).content.decode()
        assert "data-offline" in page
        assert "canteen/named" in page
        told = {"grams": "4", "reason": "质量不符", "_key": str(uuid4())}
        for _tap in "ab":
            assert client.post(url, told).status_code == 302
        assert store.left() == 6_000
        assert "TH-" in client.get(reverse("canteen:lots-detail", args=[lot.public_id])).content.decode()

    def test_a_write_off_without_its_photo_comes_back_with_what_was_typed(self, store: Store) -> None:
        client, lot = signed_in(store.world.an), store.lot()
        url = reverse("canteen:lots-write-off", args=[lot.public_id])
        answer = client.post(url, {"grams": "0.5", "reason": "受潮"})
        assert answer.status_code == 422
        assert "受潮" in answer.content.decode()
        assert client.post(url, {"grams": "0.5", "reason": "受潮", "photo": photo()}).status_code == 302
        assert StockEntry.objects.get().photo is not None


class TestToday:
    def test_goods_on_their_way_stand_before_the_other_school_alone(self, store: Store) -> None:
        sent = send_to_school(store.lot(), by=store.by("an"), to=store.world.school_b, grams=6_000, reason="支援")
        assert any("大米" in what for what in today(store, "hu"))
        assert not any("6" in what and "大米" in what for what in today(store, "gao"))
        client = signed_in(store.world.hu)
        detail = reverse("canteen:arrivals-detail", args=[sent.public_id])
        assert client.get(detail).status_code == 200
        assert signed_in(store.world.an).get(detail).status_code == 404
        receive = reverse("canteen:arrivals-receive-from-school", args=[sent.public_id])
        assert client.post(receive, {"grams": "6"}).status_code == 302
        assert Lot.objects.get(org=store.world.school_b).on_hand_grams == 6_000
        assert not Transfer.objects.under_way().exists()

    def test_large_entries_owed_exchanges_and_corrections_wait_for_the_right_person(self, store: Store) -> None:
        by = store.by("an")
        write_off(store.lot("B"), by=by, grams=6_000, reason="受潮", photo=photo())
        give_back_for_exchange(store.lot("P"), by=by, grams=2_000, reason="有异味")
        Delivery.objects.update(origin=Origin.LIVE)
        line = DeliveryLine.objects.get(lot=store.lot())
        asked = correct_line(line, by=by, right_grams=9_000, reason="看错秤")
        assert isinstance(asked, Correction)
        head, keeper = today(store, "gao"), today(store, "an")
        assert sum("大米" in what for what in head) == 2
        assert sum("猪肉" in what for what in keeper) == 1
        assert not any("9" in what and "大米" in what for what in keeper)
        decide = reverse("canteen:corrections-decide-correction", args=[asked.public_id])
        assert signed_in(store.world.gao).post(decide, {"agreed": "yes"}).status_code == 302
        assert store.left() == 9_000


class TestCount:
    def entries(self, *lots: Lot) -> dict[str, str]:
        return {f"booked-{lot.pk}": str(lot.on_hand_grams) for lot in lots}

    def test_a_tap_where_it_agrees_a_weight_where_it_does_not(self, store: Store) -> None:
        client, a, b = signed_in(store.world.an), store.lot("A"), store.lot("B")
        page = client.get(reverse("canteen:count")).content.decode()
        assert page.count('class="count-line"') == 3
        told = self.entries(a, b) | {f"agrees-{a.pk}": "10000", f"found-{b.pk}": "19.8", "_key": str(uuid4())}
        assert client.post(reverse("canteen:count"), told).status_code == 302
        take = Stocktake.objects.get()
        assert {(line.lot.batch, line.found_grams) for line in take.lines.all()} == {("A", 10_000), ("B", 19_800)}
        assert store.left("B") == 19_800

    def test_what_moved_meanwhile_is_shown_anew_and_its_tick_is_gone(self, store: Store) -> None:
        client, a, b = signed_in(store.world.an), store.lot("A"), store.lot("B")
        return_to_supplier(a, by=store.by("an"), grams=1_000, reason="退")
        told = self.entries(a, b) | {f"agrees-{a.pk}": "10000", f"agrees-{b.pk}": "20000"}
        answer = client.post(reverse("canteen:count"), told)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'name="agrees-{a.pk}" value="9000" />' in page
        assert f'name="agrees-{b.pk}" value="20000" checked />' in page
        assert not Stocktake.objects.exists()

    def test_only_ones_own_store(self, store: Store) -> None:
        other = {"org": str(store.world.school_b.public_id)}
        assert signed_in(store.world.an).get(reverse("canteen:count"), other).status_code == 404
        assert signed_in(store.world.shi).get(reverse("canteen:count")).status_code == 403


class TestTrace:
    def test_the_page_tells_what_left_uneaten(self, store: Store) -> None:
        return_to_supplier(store.lot(), by=store.by("an"), grams=4_000, reason="质量不符")
        url = f"{reverse('canteen:trace')}?lot={store.lot().public_id}"
        for way in ("", "&print=1"):
            page = signed_in(store.world.bo).get(url + way).content.decode()
            assert "TH-" in page
            assert "returned to the supplier" in page

    def test_the_picture_flows_one_way_though_goods_came_back(self, store: Store) -> None:
        from houqin.modules.canteen.actions.deeds import receive_from_school

        a, b = store.world.school_a, store.world.school_b
        first: Any = store.lot()
        there = send_to_school(first, by=store.by("an"), to=b, grams=6_000, reason="支援")
        got = receive_from_school(there, by=store.by("hu"), grams=6_000).lot
        back = send_to_school(got, by=store.by("hu"), to=a, grams=2_000, reason="还")
        receive_from_school(back, by=store.by("an"), grams=2_000)
        links = picture(trace_lot(store.by("bo"), first), "供货")["series"][0]["links"]
        assert {(row["source"], row["target"]) for row in links} >= {("供货", a.name), (a.name, b.name)}
        assert (b.name, a.name) not in {(row["source"], row["target"]) for row in links}
