"""From the cells of a roster line to what it means. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from houqin.flows.sheets.reading.shapes import Draft
from houqin.lib.codes import read_school_code
from houqin.lib.notes import mark as _
from houqin.lib.text import squeezed

_MODES = (
    ("none", ("无食堂", "不供餐", "没有食堂")),
    ("shared", ("共用", "共享", "合用", "联办")),
    ("contracted", ("委托", "承包", "外包", "托管", "劳务", "公司经营", "对外")),
    ("ordered", ("配餐", "校外", "订餐", "集中配送", "集体用餐", "中央厨房", "外送", "送餐")),
    ("own", ("自主", "自营", "自办", "自管", "校营", "公办", "学校经营")),
)
_LONGEST_NAME = 40


def finish_school(draft: Draft) -> None:
    """Numbers that fit together; a code that cannot be right is left out with a warning."""
    values = draft.values
    values["boarders"] = values.get("boarders") or 0
    if values["boarders"] > (values.get("enrolment") or 0):
        draft.refuse(
            "boarders",
            _("%(boarders)s boarders cannot be more than %(pupils)s pupils."),
            boarders=values["boarders"],
            pupils=values.get("enrolment"),
        )
    code = str(values.get("code") or "")
    try:
        values["code"] = read_school_code(code) and code if code else ""
    except ValueError:
        values["code"] = ""
        draft.warn("school-code", _("“%(code)s” is not a school code of 10 digits; it was left out."), code=code)
    values["canteen_mode"] = _mode(str(values.get("canteen_mode") or ""), draft)
    for name in ("classes", "staff"):
        values[name] = values.get(name) or 0


def _mode(text: str, draft: Draft) -> str:
    plain = squeezed(text)
    for mode, words in _MODES:
        if any(word in plain for word in words):
            return mode
    if plain:
        draft.warn("canteen-mode", _("“%(text)s” is no way of running a canteen that I know."), text=plain)
    return "own"


def finish_person(draft: Draft) -> None:
    """Year of birth from whatever tells it; the identity number itself is not kept."""
    values = draft.values
    _check_name(draft)
    born = values.pop("born_on", None)
    number = str(values.pop("id_number", None) or "")
    year = born.year if isinstance(born, date) else None
    found = re.fullmatch(r"\d{6}((?:19|20)\d{2})\d{7}[\dXx]", number)
    values["birth_year"] = year or (int(found[1]) if found else None)
    _sex(values, number)
    issued, until = values.get("certified_on"), values.get("valid_until")
    if isinstance(issued, date) and isinstance(until, date) and until < issued:
        draft.warn(
            "certificate-days",
            _("The health certificate ends on %(until)s, before it was issued."),
            until=until.isoformat(),
        )
    if not values.get("certificate"):
        draft.warn("no-certificate", _("No health certificate is written."))


def finish_pupil(draft: Draft) -> None:
    """Name, class and whether the child boards: nothing more is kept."""
    values = draft.values
    _check_name(draft)
    _sex(values, str(values.pop("id_number", None) or ""))
    values["is_boarder"] = bool(values.get("is_boarder"))


def _sex(values: dict[str, Any], number: str) -> None:
    told = {"male": "m", "female": "f"}.get(str(values.get("sex") or ""), "")
    if not told and re.fullmatch(r"\d{17}[\dXx]", number):
        told = "m" if int(number[16]) % 2 else "f"
    values["sex"] = told


def _check_name(draft: Draft) -> None:
    name = str(draft.values.get("name") or "")
    if re.search(r"\d", name) or len(name) > _LONGEST_NAME:
        draft.refuse("no-person", _("“%(text)s” is not the name of a person."), text=name[:60])
