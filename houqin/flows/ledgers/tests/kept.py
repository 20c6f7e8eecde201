"""Ledgers for tests: a cold store with limits, a list of rooms, a morning check with names, visitors, one of choice."""

from datetime import date
from typing import Any
from uuid import uuid4

from houqin.core.catalogues.models import CatalogueItem
from houqin.core.orgs.models import OrgUnit
from houqin.core.places.models import Place
from houqin.core.subjects.models import Subject
from houqin.flows.ledgers.catalogue import Ledger
from houqin.flows.ledgers.definitions import forget

COMMON: dict[str, Any] = {
    "source": "《食品安全法》", "clause": "第五十四条", "confidence": "A", "why_zh": "保护学生", "why_en": "It protects pupils.",
    "post": "cook", "minutes": "0.5", "retention_months": 24, "retention_source": "R45",
}  # fmt: skip
NATIONAL = {"max": 8, "source": "GB 31654", "confidence": "A*"}
REGIONAL = {"max": 6, "source": "测试省规范", "confidence": "A", "region": "测试省"}
COLD: dict[str, Any] = {
    "code": "cold-store", "title_zh": "冷藏冷冻温度", "title_en": "Cold stores", "family": "canteen", "demand": "law",
    "schedules": [{"every": "day", "slot": "am", "opens": "06:00", "due": "09:00"}],
    "columns": [
        {"code": "temperature", "zh": "温度", "en": "Temperature", "kind": "temperature", "plausible": [-40, 40], "limits": [NATIONAL]},
        {"code": "clean", "zh": "整洁", "en": "Clean", "kind": "yes_no", "required": False},
        {"code": "looked_at", "zh": "时间", "en": "Time", "kind": "clock", "required": False},
    ],
}  # fmt: skip
ROOMS: dict[str, Any] = {
    "code": "rooms", "title_zh": "宿舍检查", "title_en": "Rooms", "family": "dormitory", "demand": "law",
    "schedules": [{"every": "school_day"}], "uses": ["dormitory-room"],
    "lines": {
        "of": "places", "uses": ["dormitory-room"], "zh": "房间", "en": "Rooms", "by_exception": True,
        "columns": [
            {"code": "door", "zh": "门窗", "en": "Door", "kind": "choice", "choices": [
                {"code": "sound", "zh": "完好", "en": "sound"}, {"code": "broken", "zh": "损坏", "en": "broken", "breach": True},
            ]},
        ],
    },
}  # fmt: skip
MORNING: dict[str, Any] = {
    "code": "morning-check", "title_zh": "晨检", "title_en": "Morning check", "family": "canteen", "demand": "law",
    "schedules": [{"every": "school_day"}], "countersign": False,
    "lines": {
        "of": "staff", "zh": "人员", "en": "Staff",
        "columns": [
            {"code": "body", "zh": "体温", "en": "Body", "kind": "temperature", "personal": True, "plausible": [34, 42],
             "limits": [{"max": "37.2", "source": "R45", "confidence": "B"}]},
            {"code": "fit", "zh": "可上岗", "en": "Fit", "kind": "yes_no", "personal": True},
        ],
    },
}  # fmt: skip
VISITORS: dict[str, Any] = {
    "code": "visitors", "title_zh": "访客", "title_en": "Visitors", "family": "gate", "demand": "law",
    "lines": {"of": "free", "zh": "访客", "en": "Visitors", "columns": [
        {"code": "name", "zh": "姓名", "en": "Name", "kind": "text", "personal": True},
    ]},
}  # fmt: skip
FARM: dict[str, Any] = {
    "code": "farm", "title_zh": "种养", "title_en": "Farm", "family": "environment", "demand": "own",
    "schedules": [{"every": "week"}], "countersign": True,
    "columns": [{"code": "what", "zh": "内容", "en": "What", "kind": "text"}],
}  # fmt: skip


def declare(content: dict[str, Any], version: int = 1, **more: Any) -> CatalogueItem:
    """Put a definition into the catalogue before anybody writes by it."""
    forget()
    return load(content, version, **more)


def load(content: dict[str, Any], version: int = 1, **more: Any) -> CatalogueItem:
    """Put a definition into the catalogue, as loading a file does in another process."""
    ledger = Ledger.model_validate(COMMON | content | more)
    body = ledger.model_dump(mode="json")
    common = {name: body.pop(name) for name in (
        "title_zh", "title_en", "source", "clause", "confidence", "region", "effective_from", "effective_to")}  # fmt: skip
    common["effective_from"] = date(2000, 1, 1)
    item: CatalogueItem = CatalogueItem.objects.create(
        area="ledgers", code=body.pop("code"), version=version, body=body, digest=uuid4().hex, **common
    )
    return item


def make_place(org: OrgUnit, name: str, use: str = "refrigerator") -> Place:
    """A place of a unit."""
    subject = Subject.objects.create(kind="place", org=org, label=name)
    place: Place = Place.objects.create(org=org, kind="refrigerator", name=name, use=use, subject=subject)
    return place
