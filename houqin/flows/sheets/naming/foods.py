"""Foods under several names. Only names that a dictionary knows for one plant are joined; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from houqin.flows.sheets.naming.likeness import KnownName, Likeness
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.lib.text import name_key

_SAME: tuple[tuple[str, ...], ...] = (
    ("西红柿", "番茄"), ("土豆", "马铃薯", "洋芋"), ("包菜", "卷心菜", "圆白菜", "甘蓝", "结球甘蓝", "莲花白"), ("红薯", "地瓜", "甘薯", "番薯", "山芋"),
    ("花菜", "菜花", "花椰菜"), ("西兰花", "绿花菜"), ("黄豆芽", "大豆芽"), ("玉米", "苞谷"), ("莴笋", "莴苣"), ("黄瓜", "青瓜"),
    ("辣椒", "海椒"), ("香菜", "芫荽"), ("荸荠", "马蹄"), ("豆腐干", "豆干"), ("菜籽油", "菜油", "油菜籽油"), ("食盐", "盐"), ("食用盐", "碘盐"),
    ("冬瓜", "白瓜"), ("茄子", "矮瓜"), ("四季豆", "芸豆"), ("空心菜", "蕹菜"), ("木耳", "黑木耳"),
)  # fmt: skip
_GROUP = {name_key(name): group for group in _SAME for name in group}
_PREFIXES = ("新鲜", "鲜", "散装", "本地", "精品", "优质", "一级")


def match_foods(new: Mapping[str, frozenset[str]], known: Sequence[KnownName]) -> list[Likeness]:
    """Same writing but for spaces and brackets, or another usual word for it."""
    canonical = {each.name: each.canonical for each in known}
    names = list(dict.fromkeys([*canonical, *new]))
    found: list[Likeness] = []
    taken: set[str] = set()
    for name in new:
        if name in canonical:
            continue
        other = next(
            (each for each in names if each != name and each not in taken and name_key(each) == name_key(name)), None
        )
        if other:
            found.append(
                Likeness(
                    name,
                    canonical.get(other, other),
                    True,
                    Note("same-writing", _("written alike: %(other)s"), {"other": other}),
                )
            )
            taken.add(name)
            continue
        told = _synonym(name, names, canonical, taken, new)
        if told:
            found.append(told)
            taken.add(name) if told.sure else None
    return found


def _synonym(
    name: str, names: Sequence[str], canonical: Mapping[str, str], taken: set[str], new: Mapping[str, frozenset[str]]
) -> Likeness | None:
    group = _GROUP.get(name_key(name))
    if group:
        others = [each for each in names if each != name and each not in taken and _GROUP.get(name_key(each)) is group]
        for other in others:
            if other in canonical or group.index(_word(other, group)) < group.index(_word(name, group)):
                told = Note("same-food", _("another usual word for %(other)s"), {"other": other})
                return Likeness(name, canonical.get(other, other), True, told)
        return None
    bare = name_key(name)
    for prefix in _PREFIXES:
        if bare.startswith(prefix):
            plain = next((each for each in names if name_key(each) == bare.removeprefix(prefix)), None)
            if plain:
                told = Note("maybe-same-food", _("perhaps the same as %(other)s; kept apart"), {"other": plain})
                return Likeness(name, canonical.get(plain, plain), False, told)
    return None


def _word(name: str, group: Sequence[str]) -> str:
    return next(each for each in group if name_key(each) == name_key(name))
