"""The pages of visits: the sheet that a phone sends, the score explained, the papers, lists and exports."""

import base64
import io
import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from PIL import Image

from houqin.core.files.tests.pictures import upload
from houqin.flows.rectify.models import Finding
from houqin.flows.seals.models import Seal
from houqin.flows.seals.rules import digest_of
from houqin.modules.inspections.actions.answering import answer_items
from houqin.modules.inspections.actions.signing import sign_visit
from houqin.modules.inspections.actions.visiting import depart
from houqin.modules.inspections.models import Signature, Visit, VisitState
from houqin.modules.inspections.offline import sheets_of_visits
from houqin.modules.inspections.tests.kept import begun, given, item, make_checklist, planned, self_check, signs
from tests.world import NOON, World


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make_checklist()


def client(world: World, who: str) -> Client:
    made = Client()
    made.force_login(getattr(world, who))
    return made


def drawn() -> str:
    """A signature as the phone draws it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 320), "white").save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def sheet(**changed: Any) -> dict[str, Any]:
    """Everything in order, typed on the page."""
    told = {
        "o:kitchen.floor": "ok", "o:kitchen.doors": "ok", "o:kitchen.tidy": "3", "n:kitchen.cold": "4.2", "o:kitchen.expired": "ok",
    }  # fmt: skip
    return told | changed


def signing(**changed: Any) -> dict[str, Any]:
    pads = {"inspector": "薄主任", "inspector_drawn": drawn(), "school": "高校长", "school_drawn": drawn()}
    return sheet(**pads, then="sign") | changed


def address(row: Visit, what: str = "sheet") -> str:
    return reverse(f"inspections:visits-{what}", args=[row.public_id])


def signed(world: World) -> Visit:
    row = begun(world)
    answer_items(row, by=world.viewer("bo"), answers=given(floor={"outcome": "failed", "remark": "积水"}))
    return sign_visit(row, by=world.viewer("bo"), signs=signs(objection="已安排"))


def test_one_sheet_begins_answers_and_signs(world: World) -> None:
    row = planned(world)
    page = client(world, "bo").get(address(row))
    assert page.status_code == 200
    for words in ("项目floor", "data-offline", "signature_pad"):
        assert words in page.content.decode()
    sent = client(world, "bo").post(address(row), signing(**{"o:kitchen.doors": "failed", "r:kitchen.doors": "门未关"}))
    assert (sent.status_code, sent["Location"]) == (302, address(row, "detail"))
    row.refresh_from_db()
    assert (row.state, row.answers.count(), row.signatures.count()) == (VisitState.SIGNED, 5, 2)
    assert Finding.objects.get().detail == "门未关"


def test_a_part_is_sent_and_the_rest_later(world: World) -> None:
    row = planned(world)
    some = {"o:kitchen.floor": "ok", "times": json.dumps({"kitchen.floor": "2024-03-04T03:00:00Z"})}
    assert client(world, "bai").post(address(row), some)["Location"] == address(row, "detail")
    row.refresh_from_db()
    assert (row.state, row.answers.count(), row.answers.get().account) == (VisitState.UNDERWAY, 1, world.bai)
    assert f"{row.answers.get().answered_at:%H:%M}" == "03:00"
    times = json.dumps({f"kitchen.{code}": "2024-03-04T03:30:00Z" for code in ("doors", "tidy", "cold", "expired")})
    client(world, "bo").post(address(row), signing(times=times))
    row.refresh_from_db()
    assert row.state == VisitState.SIGNED
    assert row.answers.get(item="floor").account == world.bai, "what this phone did not touch is not sent"


def test_the_phone_that_kept_an_older_checklist_answers_that_one(world: World) -> None:
    row = planned(world)
    make_checklist(items=[item("new")], version=2)
    assert "项目new" in client(world, "bo").get(address(row)).content.decode()
    assert client(world, "bo").post(address(row), signing(versions='{"kitchen": 1}')).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.lists) == (VisitState.SIGNED, [{"code": "kitchen", "version": 1}])


@pytest.mark.parametrize("spoilt", ["[]", "{", '{"kitchen": "x"}', '{"kitchen": 99}'])
def test_versions_that_are_none_are_todays(world: World, spoilt: str) -> None:
    row = planned(world)
    assert client(world, "bo").post(address(row), sheet(versions=spoilt)).status_code == 302
    row.refresh_from_db()
    assert row.lists == [{"code": "kitchen", "version": 1}]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"n:kitchen.cold": "冷"}, "冷"), ({"o:kitchen.floor": ""}, "floor"), ({"school": ""}, "学校|school"),
        ({"school_drawn": "data:image/png;base64,xx"}, "学校|school"), ({"inspector_drawn": ""}, "签|signs"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_lost(world: World, changed: dict[str, Any], words: str) -> None:
    row = planned(world)
    page = client(world, "bo").post(address(row), signing(**{"r:kitchen.doors": "写过的话"}, **changed))
    assert page.status_code == 422
    assert any(word in page.content.decode() for word in words.split("|"))
    assert "写过的话" in page.content.decode()
    row.refresh_from_db()
    assert (row.state, row.number, row.answers.count()) == (VisitState.PLANNED, "", 0)


def test_who_came_along_on_a_joint_visit_stands_on_its_record(world: World) -> None:
    alone, row = planned(world, kind="routine"), planned(world, kind="joint", org=world.school_a)
    assert 'name="partners"' not in client(world, "bo").get(address(alone)).content.decode()
    assert 'name="partners"' in client(world, "bo").get(address(row)).content.decode()
    sent = signing(partners="市场监管局 王磊、消防救援站 李强, 市场监管局 王磊")
    assert client(world, "bo").post(address(row), sent).status_code == 302
    along = row.signatures.filter(side=Signature.Side.PARTNERS)
    assert [one.name for one in along] == ["市场监管局 王磊", "消防救援站 李强"]
    for what in ("record", "detail"):
        assert "消防救援站 李强" in client(world, "gao").get(address(row, what)).content.decode()
    row.refresh_from_db()
    assert "王磊" not in row.content, "a name enters the seal as a salted digest"
    header = Seal.objects.get(item_id=row.public_id)
    assert bytes(header.digest) == digest_of(row.content)


def test_sent_twice_it_is_done_once(world: World) -> None:
    row = planned(world)
    key = {"_key": "11111111-1111-4111-8111-111111111111"}
    first = client(world, "bo").post(address(row), signing(**key))
    assert client(world, "bo").post(address(row), signing(**key))["Location"] == first["Location"]
    assert (Visit.objects.count(), Signature.objects.count()) == (1, 2)


def test_a_phone_that_sends_by_itself_gets_words(world: World) -> None:
    row = planned(world)
    headers = {
        "X-Houqin-Queued": "later",
        "X-Houqin-Account": str(world.bo.public_id),
        "X-Houqin-Captured": NOON.isoformat(),
    }
    answer = client(world, "bo").post(address(row), signing(school=""), headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    answer = client(world, "bo").post(address(row), signing(), headers=headers)
    assert (answer.json()["state"], answer.json()["url"]) == ("done", address(row, "detail"))


def test_who_opens_the_sheet(world: World) -> None:
    row = planned(world)
    for who, status in (("bai", 200), ("gao", 302), ("an", 302), ("op", 302), ("hu", 404), ("chen", 404), ("du", 403)):
        assert client(world, who).get(address(row)).status_code == status, who
    for who, status in (("gao", 403), ("an", 403), ("op", 422), ("hu", 404), ("chen", 404), ("du", 403)):
        assert client(world, who).post(address(row), sheet()).status_code == status, who
    row.refresh_from_db()
    assert row.number == ""


def test_the_sheet_of_an_unannounced_visit_opens_at_departure(world: World) -> None:
    row = planned(world, unannounced=True)
    assert client(world, "bai").get(address(row)).status_code == 404
    assert list(sheets_of_visits(world.viewer("bai"))) == []
    depart(row, by=world.viewer("bai"))
    assert client(world, "bai").get(address(row)).status_code == 200
    assert list(sheets_of_visits(world.viewer("bai"))) == [address(row)]
    for who in ("gao", "an", "hu", "eve"):
        assert client(world, who).get(address(row, "detail")).status_code == 404, who
        listed = client(world, who).get(reverse("inspections:visits")).content.decode()
        assert str(row.public_id) not in listed, who
        assert "明察" not in re.sub(r"<option.*?</option>", "", listed), who


def test_the_page_explains_the_score_line_by_line(world: World) -> None:
    row = signed(world)
    page = client(world, "gao").get(address(row, "detail")).content.decode()
    for words in ("77.77", "积水", Finding.objects.get().number, "已安排", row.number):
        assert words in page, words


def test_the_papers(world: World) -> None:
    row = begun(world)
    assert client(world, "bo").get(address(row, "record")).status_code == 404
    assert client(world, "bo").get(address(row, "notice")).status_code == 404
    row = signed(world)
    paper = client(world, "gao").get(address(row, "record")).content.decode()
    for words in (row.number, "项目floor", "77.77", "薄主任", "高校长"):
        assert words in paper, words
    notice = client(world, "gao").get(address(row, "notice")).content.decode()
    assert Finding.objects.get().number in notice
    assert "责令" not in notice, "to order is for regulators"
    assert client(world, "hu").get(address(row, "record")).status_code == 404


def test_found_before_stands_at_the_item(world: World) -> None:
    signed(world)
    row, bo = planned(world), client(world, "bo")
    with time_machine.travel(NOON, tick=False):
        page = bo.get(address(row), headers={"accept-language": "en"}).content.decode()
    assert page.count("sheet-before") == 1
    assert "Found once before, in 2024-03: this would be time 2" in page


def test_a_school_checks_itself(world: World) -> None:
    gao = client(world, "gao")
    assert gao.get(reverse("inspections:self-check") + "?list=kitchen").status_code == 200
    sent = gao.post(reverse("inspections:self-check"), {"org": world.school_a.pk, "lists": ["kitchen"]})
    row = Visit.objects.get()
    assert sent["Location"] == address(row)
    assert (row.kind, row.office) == ("self", world.school_a)
    done = gao.post(address(row), sheet(inspector="高校长", inspector_drawn=drawn(), then="sign"))
    assert done["Location"] == address(row, "detail")
    assert client(world, "bo").get(reverse("inspections:self-check")).status_code == 403
    refused = gao.post(reverse("inspections:self-check"), {"org": world.school_b.pk, "lists": ["kitchen"]})
    assert (refused.status_code, Visit.objects.count()) == (422, 1)


def test_planned_through_the_page(world: World) -> None:
    bo = client(world, "bo")
    asked = {
        "org": world.school_a.pk,
        "office": world.town.pk,
        "kind": "routine",
        "lists": ["kitchen"],
        "inspectors": [world.bai.pk],
    }
    assert bo.post(reverse("inspections:visits-new"), asked).status_code == 302
    row = Visit.objects.get()
    assert [one.account for one in row.inspectors.all()] == [world.bai]
    assert client(world, "gao").get(reverse("inspections:visits-new")).status_code == 403
    assert bo.post(address(row, "call-off"), {"reason": "改期"}).status_code == 302
    row.refresh_from_db()
    assert row.state == VisitState.VOID


def test_list_search_filter_and_export(world: World) -> None:
    row = signed(world)
    self_check(world)
    bo = client(world, "bo")
    assert row.number in bo.get(reverse("inspections:visits") + f"?q={row.number}").content.decode()
    assert row.number not in bo.get(reverse("inspections:visits") + "?view=self").content.decode()
    assert bo.get(reverse("inspections:visits-export")).status_code == 200
    assert row.number not in client(world, "hu").get(reverse("inspections:visits")).content.decode()


def test_the_sheet_asks_as_often_for_five_items_as_for_fifty(world: World, django_assert_max_num_queries: Any) -> None:
    make_checklist("long", [item(f"i{number}") for number in range(50)])
    bo, few, many = client(world, "bo"), planned(world), planned(world, lists=["long"])
    bo.get(address(few))
    counts = []
    for row in (few, many):
        with django_assert_max_num_queries(60) as counted:
            assert bo.get(address(row)).status_code == 200
        counts.append(len(counted.captured_queries))
    assert counts[0] == counts[1]


def test_a_photo_is_taken_with_the_answer(world: World) -> None:
    row = planned(world)
    photo = upload()
    client(world, "bo").post(address(row), {"o:kitchen.floor": "failed", "p:kitchen.floor": photo})
    assert Visit.objects.get().answers.get().photos.count() == 1
    broken = client(world, "bo").post(address(row), {"o:kitchen.doors": "ok", "p:kitchen.doors": upload(b"no picture")})
    assert broken.status_code == 422
