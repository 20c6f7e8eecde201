"""Pages of posts: what nobody holds is on Today of the school's leaders and on a list for the office."""

from datetime import date

import pytest
from django.urls import reverse

from houqin.core.people.actions import staff
from houqin.core.people.models import Countersignature, Post, PostHolding
from houqin.modules.console.today import posts_to_fill
from tests.world import TODAY, World

GAPS = reverse("console:post-gaps")


@pytest.fixture
def buyer(world: World) -> staff.Person:
    lines = [staff.RosterLine("安师傅", post="采购员"), staff.RosterLine("李秀兰", post="太空员")]
    one, _other = staff.record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2024, 2, 20))
    staff.appoint(one, by=world.system, org=world.school_a, title="保管员", from_on=TODAY)
    return one


def test_vacant_posts_are_on_the_list_of_the_office_and_open_their_schools(world: World, client, buyer) -> None:
    client.force_login(world.bo)
    page = client.get(GAPS, {"kind": "principal"}).content.decode()
    assert "柳河中心小学" in page
    assert "柳河初级中学" in page
    assert "石桥小学" not in page
    assert "安师傅" in page


def test_leaders_are_told_once_how_many_posts_are_vacant(world: World, buyer) -> None:
    vacant, hands = posts_to_fill(world.viewer("gao"))
    assert vacant.url == f"{GAPS}?under={world.school_a.path}"
    assert "1" in str(hands.what)
    assert hands.where == "安师傅"
    assert list(posts_to_fill(world.viewer("bo"))) == []
    assert list(posts_to_fill(world.viewer("an"))) == []


def test_the_head_countersigns_and_takes_back_on_one_page(world: World, client, buyer) -> None:
    client.force_login(world.gao)
    address = f"{reverse('console:post-countersign')}?person={buyer.public_id}&unit={world.school_a.public_id}"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "只有两名后勤人员"}).status_code == 302
    assert Countersignature.objects.get().account == world.gao
    assert "只有两名后勤人员" in client.get(GAPS).content.decode()
    client.post(address, {"reason": "已分设"})
    assert Countersignature.objects.get().taken_back_at is not None
    client.force_login(world.hu)
    assert client.get(address).status_code == 404
    client.force_login(world.an)
    assert client.get(address).status_code == 403


def test_a_post_gets_its_kind_and_its_deputy_on_its_page(world: World, client, buyer) -> None:
    client.force_login(world.gao)
    post = Post.objects.get(title="太空员")
    listed = client.get(reverse("console:unit-posts"), {"view": "other"}).content.decode()
    assert "太空员" in listed
    assert client.get(reverse("console:unit-posts-detail", args=[post.pk])).status_code == 200
    client.post(reverse("console:unit-posts-set-kind", args=[post.pk]), {"kind": "guard"})
    assert Post.objects.get(pk=post.pk).kind == "guard"
    given = {"person": buyer.pk, "from_on": "2024-03-04", "until": "2024-03-08", "is_deputy": "on"}
    address = reverse("console:unit-posts-appoint", args=[post.pk])
    assert client.post(address, given).status_code == 422  # a guard without the certificate: say why
    assert not PostHolding.objects.filter(post=post, person=buyer).exists()
    assert client.post(address, given | {"because": "证件在办理"}).status_code == 302
    row = PostHolding.objects.get(post=post, person=buyer)
    assert (row.is_deputy, row.to_on) == (True, date(2024, 3, 8))


def test_who_is_found_by_two_of_their_posts_is_listed_once(world: World, client, buyer) -> None:
    client.force_login(world.gao)
    page = client.get(reverse("console:staff"), {"q": "员"})
    assert sorted(row.name for row in page.context["table"].data.data) == ["安师傅", "李秀兰"]
    assert page.context["count"] == 2
