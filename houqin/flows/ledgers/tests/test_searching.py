"""The search across ledgers: by what was chosen, in either language, although entries keep codes."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from houqin.core.people.models import Person
from houqin.flows.ledgers.actions import record_entry
from houqin.flows.ledgers.actions.adopting import adopt_ledger
from houqin.flows.ledgers.columns import Choice, Column
from houqin.flows.ledgers.tests.kept import COLD, ROOMS, declare, make_place
from tests.world import World

pytestmark = pytest.mark.django_db
QUICK: dict[str, Any] = {
    "code": "quick-test", "title_zh": "农残快检", "title_en": "Quick tests", "family": "canteen", "demand": "law",
    "columns": [
        {"code": "result", "zh": "结果", "en": "Result", "kind": "choice", "choices": [
            {"code": "ok", "zh": "合格", "en": "passed"}, {"code": "bad", "zh": "不合格", "en": "not passed", "breach": True},
        ]},
        {"code": "kinds", "zh": "品种", "en": "Kinds", "kind": "choices", "required": False, "choices": [
            {"code": "leaf", "zh": "叶菜", "en": "Leafy greens"}, {"code": "root", "zh": "根茎", "en": "Roots"},
        ]},
        {"code": "bought", "zh": "来源", "en": "Bought as", "kind": "choices", "required": False, "choices": [
            {"code": "leaf", "zh": "散装", "en": "Loose"}, {"code": "root", "zh": "袋装", "en": "Bagged"},
        ]},
        {"code": "state", "zh": "健康", "en": "Health", "kind": "choice", "personal": True, "required": False, "choices": [
            {"code": "well", "zh": "健康良好", "en": "in good health"},
        ]},
    ],
}  # fmt: skip


class Search:
    """The list of entries, searched by one reader; answers the ids of what stands there."""

    def __init__(self, world: World, who: str = "gao") -> None:
        self.client = Client()
        self.client.force_login(getattr(world, who))

    def __call__(self, words: str, **more: str) -> set[Any]:
        answer = self.client.get("/ledgers/entries/", {"q": words, **more})
        assert answer.status_code == 200
        return {row.public_id for row in answer.context["page"].object_list}


def tried(world: World, **values: Any) -> Any:
    return record_entry(world.school_a, by=world.viewer("an"), ledger="quick-test", values=values).public_id


def test_an_entry_is_found_by_what_was_chosen_in_either_language(world: World) -> None:
    declare(QUICK)
    good, bad = tried(world, result="ok"), tried(world, result="bad", remark="已退回")
    search = Search(world)
    assert search("不合格") == {bad}
    assert search("合格") == {good, bad}, "as in any text, the word stands in both"
    assert search("not passed") == {bad}
    assert search("PASSED") == {good, bad}
    assert search("不合格", ledger="cold-store") == set()


def test_several_answers_are_told_apart_by_their_column(world: World) -> None:
    declare(QUICK)
    leaves, bagged = tried(world, result="ok", kinds=["leaf"]), tried(world, result="ok", bought=["leaf", "root"])
    search = Search(world)
    assert search("叶菜") == search("leafy") == {leaves}
    assert search("袋装") == {bagged}
    assert search("根茎") == set(), "the same code in another column is another answer"


def test_answers_of_lines_places_and_dishes_are_found(world: World) -> None:
    declare(ROOMS)
    rooms = [make_place(world.school_a, name, "dormitory-room") for name in ("西楼301", "西楼302")]
    lines = [{"line": {"id": str(one.public_id), "name": one.name}, "door": "sound"} for one in rooms]
    lines[1] |= {"door": "broken", "remark": "报修"}
    entry = record_entry(world.school_a, by=world.viewer("wu"), ledger="rooms", values={}, lines=lines)
    search = Search(world)
    assert search("损坏") == search("broken") == search("西楼302") == search("西楼302 损坏") == {entry.public_id}
    assert search("西楼303") == set()


def test_older_versions_and_a_units_own_columns_are_searched_too(world: World) -> None:
    declare(QUICK)
    old = tried(world, result="bad", remark="已退回")
    declare(QUICK | {"columns": [{"code": "note", "zh": "备注", "en": "Note", "kind": "text"}]}, version=2)
    adopt_ledger(
        world.school_a, by=world.viewer("gao"), ledger="quick-test", why="本校",
        columns=[Column(code="smell", zh="气味", en="Smell", kind="choice", required=False,
                        choices=[Choice(code="c1", zh="无异味", en="none"), Choice(code="c2", zh="发酸", en="sour")])],
    )  # fmt: skip
    from houqin.flows.ledgers.definitions import prefix_of

    new = tried(world, note="x", **{f"{prefix_of(world.school_a)}smell": "c2"})
    search = Search(world)
    assert search("不合格") == {old}
    assert search("发酸") == search("sour") == {new}


def test_what_is_personal_and_what_is_another_schools_is_not_found(world: World) -> None:
    declare(QUICK)
    Person.objects.create(org=world.school_a, name="王小兰")
    tried(world, result="ok", state="well")
    assert Search(world)("健康良好") == set()
    assert Search(world, "hu")("合格") == set()
    assert Search(world, "chen")("合格") == set()


def test_the_names_of_fields_are_not_what_was_written(world: World) -> None:
    declare(QUICK)
    tried(world, result="ok")
    search = Search(world)
    for words in ("result", "nothing", "values", "org"):
        assert search(words) == set(), words


def test_a_word_with_signs_is_a_word(world: World) -> None:
    declare(QUICK)
    tried(world, result="ok")
    search = Search(world)
    for words in ("(", "[a", "\\", '"', "%", "a|b", ".*"):
        assert search(words) <= search("")


def test_searching_by_an_answer_costs_no_further_query(world: World) -> None:
    declare(QUICK)
    declare(COLD)
    for _number in range(3):
        tried(world, result="ok", remark=str(_number))
    search, counted = Search(world), []
    for words in ("快检", "合格"):
        search(words)
        with CaptureQueriesContext(connection) as queries:
            assert len(search(words)) == 3
        counted.append(len(queries))
    assert counted[0] == counted[1]
