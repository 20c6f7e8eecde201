"""Tables on their pages: written, chosen, looked through and sent by the office; filled in on a phone, also without network."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from houqin.core.orgs.models import OrgUnit
from houqin.flows.collect.actions import Col, send_back
from houqin.flows.collect.models import Collection, Kind, Return
from houqin.flows.collect.tests.scene import answered, draft, of, sent
from houqin.flows.collect.today import answers_to_look_at, tables_on_the_phone, tables_to_fill_in
from houqin.ui.queued import ACCOUNT, QUEUED
from tests.matrix.furnished import signed_in
from tests.world import World


def written(**more: str) -> dict[str, str]:
    """The form of a notice with two columns."""
    lines = {"columns-TOTAL_FORMS": "3", "columns-INITIAL_FORMS": "0"}
    for number, (label, kind, needed) in enumerate(
        [("冰箱数", "count", "on"), ("自评等次", "choice", ""), ("", "count", "on")]
    ):
        lines |= {f"columns-{number}-label": label, f"columns-{number}-kind": kind, f"columns-{number}-needed": needed}
    lines["columns-1-choices"] = "好，中、差"
    words = {"title": "摸底", "basis": "工作需要", "due_days": "5", "days_counted": "working"}
    return words | lines | more


def fields(row: Collection, **given: str) -> dict[str, str]:
    """What a school types, under the names of its form."""
    told = {"冰箱数": "3", "维修费用": "120.50", "自评等次": "中", "是否已整改": "yes", "在校学生数": "３００"} | given
    return {f"c{one.pk}": told[one.label] for one in row.columns.all()}


def now_sent(world: World, **given: Any) -> Collection:
    return sent(world, now=timezone.now(), **given)


class TestTheOffice:
    def test_it_writes_chooses_looks_and_sends(self, world: World) -> None:
        client = signed_in(world, "bo")
        answer = client.post(reverse("collect:tables-new"), written(org=str(world.town.pk)))
        row = Collection.objects.get()
        assert answer["Location"] == reverse("collect:tables-schools", args=[row.public_id])
        assert [(one.label, one.kind, one.choices, one.needed) for one in row.columns.all()] == [
            ("冰箱数", "count", [], True), ("自评等次", "choice", ["好", "中", "差"], False),
        ]  # fmt: skip
        shown = client.get(answer["Location"])
        assert shown.content.decode().count('name="school"') == 2
        answer = client.post(answer["Location"], {"school": [str(world.school_a.public_id)]})
        page = client.get(answer["Location"]).content.decode()
        assert "柳河中心小学" in page
        answer = client.post(answer["Location"], {})
        assert answer["Location"] == reverse("collect:tables-detail", args=[row.public_id])
        assert Return.objects.get().org == world.school_a
        assert client.get(answer["Location"]).status_code == 200

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, world: World) -> None:
        client = signed_in(world, "bo")
        answer = client.post(
            reverse("collect:tables-new"), written(org=str(world.town.pk), **{"columns-1-choices": "好"})
        )
        assert answer.status_code == 422
        assert "工作需要" in answer.content.decode()
        assert not Collection.objects.exists()
        row = draft(world)
        for refs in (["no-uuid"], [str(uuid4())], []):
            client.post(reverse("collect:tables-schools", args=[row.public_id]), {"school": refs})
        assert row.chosen.count() == 2

    def test_what_was_asked_before_stands_there_and_asks_for_a_reason(self, world: World) -> None:
        first = now_sent(world)
        answered(world, first, world.school_a, "an", timezone.now(), 冰箱数=7)
        row = draft(world, by="bai", now=timezone.now())
        client = signed_in(world, "bai")
        address = reverse("collect:tables-send", args=[row.public_id])
        page = client.get(address).content.decode()
        assert "7 台" in page
        assert client.post(address, {"again_because": ""}).status_code == 422
        assert client.post(address, {"again_because": "半年复核"}).status_code == 302
        assert Collection.objects.get(pk=row.pk).again_because == "半年复核"

    def test_one_button_reminds_once_a_day(self, world: World) -> None:
        row = now_sent(world)
        client = signed_in(world, "bo")
        address = reverse("collect:tables-remind", args=[row.public_id])
        assert client.post(address).status_code == 302
        assert Return.objects.filter(reminded_on=timezone.localdate()).count() == 2
        assert signed_in(world, "gao").post(address).status_code == 403
        assert signed_in(world, "chen").post(address).status_code == 404
        assert client.get(address).status_code == 405

    def test_a_foreign_office_finds_nothing(self, world: World) -> None:
        row, waiting = now_sent(world), draft(world)
        client = signed_in(world, "chen")
        for name, one in (
            ("detail", row),
            ("sheet", row),
            ("schools", waiting),
            ("send", waiting),
            ("detail", waiting),
        ):
            assert client.get(reverse(f"collect:tables-{name}", args=[one.public_id])).status_code == 404
        assert (
            client.get(reverse("collect:returns-detail", args=[of(row, world.school_a).public_id])).status_code == 404
        )
        assert client.get(reverse("collect:mine", args=[row.public_id])).status_code == 404
        # who stands above a school but did not write it sees its progress, not what is only being written
        assert signed_in(world, "bo").get(reverse("collect:tables-detail", args=[row.public_id])).status_code == 200

    def test_a_list_costs_the_same_for_a_few_schools_and_for_many(self, world: World) -> None:
        counts = []
        client = signed_in(world, "bo")
        for many in (25, 75):
            made = OrgUnit.objects.bulk_create(
                OrgUnit(
                    parent=world.town, kind="school", name=f"{many}-{n}", path=f"{world.town.path}{many * 50 + n:04d}"
                )
                for n in range(many)
            )
            row = now_sent(world, schools=made, columns=[Col(f"第{many}问")])
            for address in (
                reverse("collect:tables-detail", args=[row.public_id]),
                f"{reverse('collect:returns')}?collection={row.pk}",
            ):
                client.get(address)
                with CaptureQueriesContext(connection) as caught:
                    assert client.get(address).status_code == 200
                counts.append(len(caught))
        assert counts[:2] == counts[2:]


class TestTheSchool:
    def test_it_stands_on_today_and_is_answered_on_the_phone(self, world: World) -> None:
        row = now_sent(world)
        an = world.viewer("an", timezone.now())
        (today,) = tables_to_fill_in(an)
        assert row.title in str(today.what)
        assert list(tables_on_the_phone(an)) == [
            reverse("collect:returns-answer", args=[of(row, world.school_a).public_id])
        ]
        client = signed_in(world, "an")
        assert client.get(reverse("collect:mine", args=[row.public_id]))["Location"] == today.url
        assert client.post(reverse("collect:returns-read", args=[of(row, world.school_a).public_id])).status_code == 302
        form = client.get(reverse("collect:returns-answer", args=[of(row, world.school_a).public_id])).content.decode()
        assert "data-offline" in form
        assert 'value="300"' in form  # as the school's facts say
        answer = client.post(reverse("collect:returns-answer", args=[of(row, world.school_a).public_id]), fields(row))
        assert answer.status_code == 302
        mine = of(row, world.school_a)
        assert (mine.state, mine.cells.count()) == ("sent", 5)
        assert not list(tables_to_fill_in(an))
        (came,) = answers_to_look_at(world.viewer("bo", timezone.now()))
        assert row.title in str(came.what)
        assert not list(answers_to_look_at(world.viewer("op", timezone.now())))

    def test_a_wrong_value_is_said_beside_its_field(self, world: World) -> None:
        row = now_sent(world)
        address = reverse("collect:returns-answer", args=[of(row, world.school_a).public_id])
        client = signed_in(world, "an")
        for wrong in (
            {"冰箱数": "三台"},
            {"维修费用": "1.234"},
            {"自评等次": "优"},
            {"冰箱数": "-1"},
            {"在校学生数": ""},
        ):
            answer = client.post(address, fields(row, **wrong))
            assert answer.status_code == 422
            assert "120.50" in answer.content.decode() or "维修费用" in wrong
        assert of(row, world.school_a).state == "new"

    def test_a_phone_that_was_without_network_sends_it_later_and_once(self, world: World) -> None:
        row = now_sent(world)
        address = reverse("collect:returns-answer", args=[of(row, world.school_a).public_id])
        client, key = signed_in(world, "an"), str(uuid4())
        headers = {QUEUED: "later", ACCOUNT: str(world.an.public_id)}
        for _time in range(2):
            answer = client.post(address, fields(row) | {"_key": key}, headers=headers)
            assert answer.json()["state"] == "done"
        wrong = client.post(address, fields(row, 冰箱数="x") | {"_key": str(uuid4())}, headers=headers)
        assert (wrong.status_code, wrong.json()["state"]) == (422, "refused")
        assert of(row, world.school_a).cells.count() == 5

    def test_several_rows_are_written_line_by_line(self, world: World) -> None:
        row = now_sent(world, columns=[Col("姓名", Kind.TEXT), Col("岁数")], several_rows=True)
        name, age = (f"c{one.pk}" for one in row.columns.all())
        lines = {"rows-TOTAL_FORMS": "3", "rows-INITIAL_FORMS": "0"}
        lines |= {f"rows-0-{name}": "周小兰", f"rows-0-{age}": "41", f"rows-1-{name}": "吴大勇", f"rows-1-{age}": "38"}
        address = reverse("collect:returns-answer", args=[of(row, world.school_a).public_id])
        client = signed_in(world, "an")
        assert client.get(address).status_code == 200
        assert client.post(address, lines | {f"rows-2-{name}": "没有岁数"}).status_code == 422
        assert client.post(address, lines).status_code == 302
        assert of(row, world.school_a).cells.count() == 4

    def test_an_answer_is_opened_and_sent_back_with_words_at_its_cells(self, world: World) -> None:
        row = now_sent(world)
        mine = answered(world, row, world.school_a, "an", timezone.now())
        client = signed_in(world, "bo")
        page = client.get(reverse("collect:returns-detail", args=[mine.public_id])).content.decode()
        assert "¥120.50" in page
        address = reverse("collect:returns-back", args=[mine.public_id])
        assert client.get(address).status_code == 200
        cell = mine.cells.get(column__label="冰箱数")
        assert client.post(address, {"words": "", f"cell{cell.pk}": "少报了"}).status_code == 302
        form = signed_in(world, "an").get(reverse("collect:returns-answer", args=[mine.public_id])).content.decode()
        assert "少报了" in form

    def test_words_of_others_are_words_and_no_markup(self, world: World) -> None:
        now = timezone.now()
        first = now_sent(world, title="<i id=title>")
        mine = answered(world, first, world.school_a, "an", now)
        now_sent(world, by="bai", again_because="复核")
        (again,) = Return.objects.filter(org=world.school_a).exclude(pk=mine.pk)
        client = signed_in(world, "an")
        page = client.get(reverse("collect:returns-answer", args=[again.public_id])).content.decode()
        assert ("&lt;i id=title&gt;" in page, "<i id=title>" in page) == (True, False)
        cell = mine.cells.first()
        send_back(mine, by=world.viewer("bo", now), remarks={cell.pk: "<i id=remark>"})
        page = client.get(reverse("collect:returns-answer", args=[mine.public_id])).content.decode()
        assert ("&lt;i id=remark&gt;" in page, "<i id=remark>" in page) == (True, False)

    @pytest.mark.parametrize("name", ["shi", "du", "wu"])
    def test_whoever_has_no_part_in_it_is_told_so(self, world: World, name: str) -> None:
        row = now_sent(world)
        client = signed_in(world, name)
        assert (
            client.get(reverse("collect:returns-detail", args=[of(row, world.school_a).public_id])).status_code == 403
        )
        assert client.get(reverse("collect:tables")).status_code == 403
        assert not list(tables_to_fill_in(world.viewer(name)))
