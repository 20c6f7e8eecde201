"""The shorter names that people use for a school: 一小 for 第一小学, 中心完小 without its town, 五十六中 for 第五十六中学."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache

from houqin.lib.text import name_key

_KINDS = {
    "小学", "中学", "学校", "幼儿园", "初中", "高中", "教学点", "初级中学", "高级中学", "完小", "完全小学", "完全中学", "中小学", "园区", "校区",
    "九年一贯制学校", "一贯制学校", "幼", "小", "中",
}  # fmt: skip
_NUMBER = r"[一二三四五六七八九十百\d]+"
_PLACE_WORD = re.compile(r"(?<=..)[省市区县镇乡](?=..)|(?<=..)街道(?=..)")
_SHORTER: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), short)
    for pattern, short in (
        (rf"第({_NUMBER})(完全小学|完小|中心小学|小学)$", r"\1小"),
        (rf"第({_NUMBER})(?:初级中学|高级中学|完全中学|中学|初中|高中)$", r"\1中"),
        (rf"第({_NUMBER})幼儿园$", r"\1幼"),
        (rf"第({_NUMBER}(?:小学|中心小学|完小|初级中学|中学|初中|幼儿园))$", r"\1"),
        (r"初级中学$", "初中"), (r"初级中学$", "中学"), (r"高级中学$", "高中"), (r"高级中学$", "中学"), (r"(?<!初)(?<!高)中学$", "初中"),
        (r"中心(?:小学|完小|完全小学)$", "中心校"), (r"中心(?:完小|完全小学)$", "中心小学"), (r"中心小学$", "中心完小"), (r"中心小学$", "中心学校"),
        (r"完全小学$", "完小"), (r"完全小学$", "小学"), (r"完小$", "小学"), (r"(?<!心)小学$", "完小"),
        (r"(?:九年|十二年)一贯制学校$", "学校"), (r"(?:九年|十二年)一贯制学校$", ""), (r"九年一贯制学校$", "九年制学校"), (r"九年制学校$", "学校"),
        (r"特殊教育学校$", "特校"), (r"特殊教育学校$", "特教学校"), (r"(?:职业技术|职业|中等职业)(?:学校|高中|高级中学)$", "职校"),
        (r"中心幼儿园$", "中心园"), (r"教学点$", "小学"), (r"教学点$", ""),
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def aliases_of(key: str, offices: tuple[str, ...]) -> frozenset[str]:
    """Names that may stand for the school of this name; `offices` are the units above it, as keys."""
    found = {key}
    for whole in _without_places(key, offices):
        found.add(whole)
        for pattern, short in _SHORTER:
            if pattern.search(whole):
                found.add(pattern.sub(short, whole))
    places = {*offices, *(bare_place(office) for office in offices)}
    return frozenset(each for each in found if len(each) >= 2 and each not in _KINDS and each not in places)


def bare_place(office: str) -> str:
    """双南镇 → 双南."""
    bare = re.sub(r"(?<=..)(?:街道办事处|街道|[省市区县镇乡])$", "", office)
    return bare


def _without_places(key: str, offices: Sequence[str]) -> Iterator[str]:
    """The name, without the units above it at its beginning, and without the words for kinds of places."""
    names = sorted({*offices, *(bare_place(office) for office in offices)}, key=len, reverse=True)
    rest = key
    while True:
        yield rest
        yield _PLACE_WORD.sub("", rest)
        shorter = next((rest.removeprefix(name) for name in names if len(name) >= 2 and rest.startswith(name)), rest)
        if shorter == rest or len(shorter) < 2:
            return
        rest = shorter


def by_alias(key: str, keys: Sequence[str], offices: Iterable[str], *, inside: bool) -> int | None:
    """The school that goes by this name, or by the longest such name inside of a text; None where two might."""
    above = tuple(name_key(office) for office in offices)
    known = [aliases_of(each, above) for each in keys]
    spoken = {key, _PLACE_WORD.sub("", key), *_without_places(key, above)}
    best: tuple[int, set[int]] = (0, set())
    for index, names in enumerate(known):
        longest = max((_length(name, spoken, inside=inside) for name in names), default=0)
        if longest > best[0]:
            best = (longest, {index})
        elif longest and longest == best[0]:
            best[1].add(index)
    return best[1].pop() if len(best[1]) == 1 else None


def _length(name: str, spoken: Set[str], *, inside: bool) -> int:
    if name in spoken:
        return len(name) + 100
    return len(name) if inside and any(_stands_in(name, text) for text in spoken) else 0


def _stands_in(name: str, text: str) -> bool:
    """Is it there, and not as the tail of another number or name (二中 in 十二中)?"""
    at = text.find(name)
    before = text[at - 1 : at] if at > 0 else ""
    return at >= 0 and not any(
        re.match(digits, name) and re.match(digits, before) for digits in (r"[一二三四五六七八九十百]", r"\d")
    )
