"""Checklists and visits for tests."""

from datetime import timedelta
from typing import Any

from houqin.core.catalogues.models import CatalogueItem
from houqin.core.files.tests.pictures import upload
from houqin.modules.inspections.actions.answering import Given, answer_items
from houqin.modules.inspections.actions.signing import Sign, sign_visit
from houqin.modules.inspections.actions.visiting import begin_visit, plan_visit
from houqin.modules.inspections.asked import asked_of
from houqin.modules.inspections.models import Answer, Signature, Visit
from tests.world import NOON, World

GRADES = [
    {"least": 90, "zh": "优秀", "en": "Excellent"},
    {"least": 60, "zh": "合格", "en": "Passed"},
    {"least": 0, "zh": "不合格", "en": "Failed"},
]
LIMIT = {"min": 0, "max": 8, "source": "GB 31654", "confidence": "A"}
FRIDGE = {"kind": "measured", "unit": "°C", "decimals": 1, "limits": [LIMIT], "plausible": [-5, 25]}


def item(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "zh": f"项目{code}", "en": f"Item {code}", "source": "GB 31654", "confidence": "A", **more}


def make_checklist(code: str = "kitchen", items: list[dict[str, Any]] | None = None, version: int = 1) -> CatalogueItem:
    """A checklist of one section: in order or not, a level, a figure, a red line."""
    shown = items or [
        item("floor", weight=2, severity=2, good_zh="地面干净"), item("doors"), item("tidy", kind="graded"),
        item("cold", **FRIDGE), item("expired", red_line=True, severity=3, weight=4, may_not_apply=False),
    ]  # fmt: skip
    body = {
        "family": "canteen", "minutes": 10, "grades": GRADES, "sections": [{"zh": "厨房", "en": "Kitchen", "items": shown}],
    }  # fmt: skip
    row = CatalogueItem.objects.create(
        area="checklists", code=code, version=version, title_zh=f"清单 {code}", title_en=f"List {code}", source="GB 31654",
        confidence="A", effective_from="2020-01-01", body=body, digest=f"{code}{version}"[:64],
    )  # fmt: skip
    return row


def planned(world: World, who: str = "bo", **more: Any) -> Visit:
    """A visit to school A by the town's office, by Bo and Bai."""
    given = {"office": world.town, "kind": "routine", "lists": ["kitchen"], "inspectors": [world.bo, world.bai]} | more
    return plan_visit(given.pop("org", world.school_a), by=world.viewer(who), **given)


def begun(world: World, **more: Any) -> Visit:
    """The same, begun."""
    return begin_visit(planned(world, **more), by=world.viewer(more.get("who", "bo")))


def self_check(world: World) -> Visit:
    """A check of school A by itself."""
    return begun(world, who="gao", office=world.school_a, kind="self", inspectors=[])


GOOD: dict[str, dict[str, Any]] = {
    "floor": {"outcome": "ok"}, "doors": {"outcome": "ok"}, "tidy": {"level": 3}, "cold": {"value": 4200},
    "expired": {"outcome": "ok"},
}  # fmt: skip


def given(minutes: int = 0, **changed: Any) -> list[Given]:
    """Everything in order but what is named."""
    at = NOON - timedelta(minutes=60 - minutes)
    told = {code: GOOD[code] | changed.get(code, {}) for code in GOOD}
    return [Given("kitchen", code, at=at, **values) for code, values in told.items()]


def signs(**school: Any) -> list[Sign]:
    """Bo for the office, Gao for the school."""
    of_school = {"name": "高校长", "image": upload()} | school
    return [
        Sign(Signature.Side.INSPECTORS, "薄主任", upload()),
        Sign(Signature.Side.SCHOOL, **of_school),
    ]


def codes(visit: Visit) -> list[str]:
    """What a visit asks."""
    return [one.code for part in asked_of(visit, NOON.date()) for one in part.items]


def answered(world: World, row: Visit, who: str = "bo", **changed: Any) -> list[Answer]:
    """Everything is answered, in order but what is named."""
    return answer_items(row, by=world.viewer(who), answers=given(**changed))


def signed(world: World, row: Visit, who: str = "bo", **school: Any) -> Visit:
    """Both sides signed."""
    return sign_visit(row, by=world.viewer(who), signs=signs(**school))
