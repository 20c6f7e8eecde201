"""A school as a title, a file name or a column writes it → the school of the organisation tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from houqin.flows.sheets.naming.school_aliases import by_alias
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.lib.text import name_key

_TYPES = (
    "幼儿园",
    "教学点",
    "完小",
    "九年一贯制学校",
    "特殊教育学校",
    "职业高中",
    "职业学校",
    "高级中学",
    "初级中学",
    "高中",
    "初中",
    "小学",
    "中学",
    "学校",
    "园区",
    "校区",
)
_COMMON = {"中心", "实验", "第一", "第二", "第三", "希望", "附属", "中心校", "直属", "镇", "明德"}
_NO_PLACE = r"(?!镇|乡|街道|办事处|区|县|市|州|省)"  # 双南镇 is a town, whatever schools are called 双南
_DROPPED = re.compile(r"省|市|区|县|镇|乡|街道|办事处")
_WHEN = re.compile(
    r"(?<!\d)20\d{6}(?!\d)|\d{2,4}\s*(?:[-—~至]\s*\d{2,4}\s*)?(?:学年度?|年度?)(?:第?[一二上下12]学期|[春秋]季?(?:学期)?)?|\d{1,2}\s*(?:月份?|日|周)|第\d+周"
    r"|[春秋]季?学期|20\d{2}(?:[.-]\d{1,2})*"
)
_SCHOOL_NAME = re.compile(
    r"(?P<name>[\w·()（）]{1,24}?(?:幼儿园|教学点|小学|完小|初级中学|高级中学|中学|高中|初中|学校|分校))"
)


@dataclass(frozen=True)
class SchoolMatch:
    """Index of the school that is meant, and why."""

    index: int
    why: Note
    exact: bool


def match_school(
    text: str, names: Sequence[str], *, inside: bool = False, offices: Sequence[str] = ()
) -> SchoolMatch | None:
    """The one school that `text` means; None when none fits or several do.

    `inside`: the text says more than the name (a title, a file name): look for a known name in it. `offices` are the
    units above the schools: 双南 in 双南镇学生营养餐食谱 speaks of the town, not of 双南初级中学."""
    found = _match(name_key(text), names, inside, offices)
    found = found or _match(_in_full(name_key(text)), names, inside, offices)
    if found or _names_several(name_key(text), names):
        return found
    index = by_alias(name_key(text), [name_key(name) for name in names], offices, inside=inside)
    return None if index is None else _told(index, names, _("short for “%(name)s”; no other school here fits"))


def _names_several(key: str, names: Sequence[str]) -> bool:
    return sum(name_key(name) in key for name in names) > 1


def _in_full(key: str) -> str:
    """清河一小 → 清河第一小学, 双南二中 → 双南第二中学."""
    return re.sub(r"第?([一二三四五六七八九十])([小中])(?!学|心)", r"第\1\2学", key)


def _match(key: str, names: Sequence[str], inside: bool, offices: Sequence[str]) -> SchoolMatch | None:
    if not key:
        return None
    keys = [name_key(name) for name in names]
    exact = _one(index for index, known in enumerate(keys) if known == key)
    if exact is not None:
        return SchoolMatch(exact, Note("school-same", _("the same name")), exact=True)
    if inside:
        return _contained(key, keys, names, {_bare(name_key(office)) for office in offices})
    return _alike(key, keys, names)


def _contained(key: str, keys: Sequence[str], names: Sequence[str], places: Set[str]) -> SchoolMatch | None:
    """The longest known name inside the text; two different ones are no answer."""
    found = [index for index, known in enumerate(keys) if known and known in key]
    longest = [index for index in found if not any(keys[index] in keys[other] and index != other for other in found)]
    if len(longest) == 1:
        index = longest[0]
        return SchoolMatch(
            index, Note("school-inside", _("“%(name)s” stands in it"), {"name": names[index]}), exact=True
        )
    if found:
        return None
    if not any("中小学" in known for known in keys):
        key = key.replace("中小学", " ")  # 双南镇中小学基本情况 speaks of all schools
    part = _SCHOOL_NAME.search(key)
    alike = _alike(part["name"], keys, names) if part else None
    return alike or (None if part else _by_stem(key, keys, names, places, inside=True))


def _alike(key: str, keys: Sequence[str], names: Sequence[str]) -> SchoolMatch | None:
    bare = _bare(key)
    same = _one(index for index, known in enumerate(keys) if _bare(known) == bare)
    if same is not None:
        return _told(same, names, _("“%(name)s” without the words for town and district"))
    longer = [index for index, known in enumerate(keys) if _short_for(bare, _bare(known))]
    if len(longer) == 1:
        return _told(longer[0], names, _("short for “%(name)s”; no other school here fits"))
    return None if longer else _by_stem(key, keys, names, inside=False)


def _by_stem(
    key: str, keys: Sequence[str], names: Sequence[str], places: Set[str] = frozenset(), *, inside: bool
) -> SchoolMatch | None:
    """肖坡 for 肖坡小学, where no other school has this name before its kind and it is no place with many schools."""
    stems = [_bare(known.removesuffix(_type(known))) for known in keys]
    fitting = [
        index
        for index, stem in enumerate(stems)
        if len(stem) >= 2
        and stem not in _COMMON
        and stem not in places
        and (re.search(stem + _NO_PLACE, key) if inside else stem == _bare(key))
    ]
    if len(fitting) != 1:
        return None
    return _told(fitting[0], names, _("short for “%(name)s”; no other school here fits"))


def _told(index: int, names: Sequence[str], text: str) -> SchoolMatch:
    return SchoolMatch(index, Note("school-alias", text, {"name": names[index]}), exact=False)


def _bare(key: str) -> str:
    return _DROPPED.sub("", key)


def _type(key: str) -> str:
    return next((kind for kind in _TYPES if key.endswith(kind)), "")


def _short_for(one: str, other: str) -> bool:
    """Is the shorter of the two names made of the other's characters in order, with the same kind of school
    and nothing but a place or 初级/高级 left out?"""
    short, long_ = sorted((one, other), key=len)
    if len(short) < 3 or not _same_type(short, long_):
        return False
    stem = short.removesuffix(_type(short))
    long_stem = long_.removesuffix(_type(long_))
    return bool(stem) and (long_stem.endswith(stem) or long_stem.startswith(stem) or _subsequence(stem, long_stem))


def _same_type(one: str, other: str) -> bool:
    first, second = _type(one), _type(other)
    if first == second:
        return bool(first)
    middle = {"中学", "初级中学", "初中"}
    return first in middle and second in middle


def _subsequence(short: str, long_: str) -> bool:
    rest = iter(long_)
    return len(short) >= 3 and all(char in rest for char in short)


def _one(found: Iterable[int]) -> int | None:
    first = list(found)
    return first[0] if len(first) == 1 else None


def school_named_in(text: str) -> str:
    """A school's name inside a title or file name (``肖坡小学_食品台账`` → 肖坡小学), or nothing."""
    found = _SCHOOL_NAME.search(_WHEN.sub(" ", text.replace("_", " ")).strip())
    name = found["name"] if found else ""
    return name if len(name) > 2 and name not in _TYPES else ""


def nearest(text: str, names: Sequence[str]) -> list[str]:
    """Names to suggest when nothing fits, the most alike first."""
    from rapidfuzz import fuzz, process

    return [name for name, score, _index in process.extract(text, names, scorer=fuzz.ratio, limit=3) if score >= 50]
