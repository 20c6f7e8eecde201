"""Suppliers under several names: 宏发生鲜, 宏发配送 and 宏发生鲜配送有限公司 are one firm; 宏达生鲜 is another.

A name is taken apart into brand (惠民), trade words (粮油, 配送) and legal form (有限公司, 合作社). A shorter name is the
same firm as a longer one when the brand is the same word for word, its trade words are among the other's, its legal
form does not contradict, and no second firm fits as well. Different brands are never one firm, however alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from houqin.flows.sheets.naming.likeness import KnownName, Likeness
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.lib.text import name_key, tidy

_FORMS: tuple[tuple[str, str], ...] = (
    ("有限责任公司", "company"), ("股份有限公司", "company"), ("集团有限公司", "company"), ("有限公司", "company"), ("集团公司", "company"),
    ("分公司", "company"), ("总公司", "company"), ("公司", "company"), ("集团", "company"), ("专业合作社联合社", "coop"), ("农民专业合作社", "coop"),
    ("专业合作社", "coop"), ("合作联社", "coop"), ("合作社", "coop"), ("家庭农场", "farm"), ("农场", "farm"), ("养殖场", "farm"), ("屠宰场", "plant"),
    ("加工厂", "plant"), ("食品厂", "plant"), ("个体工商户", "shop"), ("经营部", "shop"), ("经销部", "shop"), ("门市部", "shop"), ("批发部", "shop"),
    ("供应站", "shop"), ("配送中心", "shop"), ("加工坊", "works"), ("作坊", "works"), ("商行", "shop"), ("粮行", "shop"), ("粮店", "shop"),
    ("商店", "shop"), ("超市", "shop"), ("市场", "shop"), ("摊位", "shop"), ("厂", "plant"), ("坊", "works"), ("店", "shop"), ("行", "shop"),
    ("部", "shop"), ("铺", "shop"), ("社", "coop"), ("站", "shop"),
)  # fmt: skip
_TRADES = (
    "粮油", "生鲜", "配送", "蔬菜", "种植", "专业", "豆制品", "豆制", "豆腐", "豆类", "乳业", "乳制品", "乳品", "牛奶", "奶业", "食品", "商贸", "贸易", "农业",
    "农产品", "农副产品", "副食品", "副食", "批发", "零售", "肉类", "肉业", "鲜肉", "猪肉", "肉联", "肉食", "冷鲜肉", "水产品", "水产", "养殖", "果蔬", "水果",
    "调味品", "调味", "调料", "禽蛋", "蛋品", "蛋业", "鸡蛋", "家禽", "禽业", "屠宰", "冷链", "供应链", "发展", "科技", "生态", "绿色", "实业", "餐饮", "管理",
    "服务", "米业", "面粉", "面业", "粮食", "油脂", "加工", "销售", "物流", "仓储", "开发", "投资", "供应", "营养", "食材", "农贸", "菜业", "食用油", "饮品",
    "饮料", "食用菌", "菌业", "畜牧", "牧业", "渔业", "农牧", "农资", "综合", "百货", "日杂", "干货", "冻品", "海鲜", "鲜奶", "菜", "肉", "奶",
)  # fmt: skip
_TRADE = re.compile("|".join(sorted(map(re.escape, _TRADES), key=len, reverse=True)))
_ALIKE_TRADES = (
    {"豆制品", "豆制", "豆腐", "豆类"}, {"乳业", "乳制品", "乳品", "牛奶", "奶业", "鲜奶", "奶"}, {"蔬菜", "菜", "菜业", "果蔬"},
    {"肉类", "肉业", "鲜肉", "猪肉", "肉联", "肉食", "冷鲜肉", "肉"}, {"水产", "水产品", "渔业"}, {"禽蛋", "蛋品", "蛋业", "鸡蛋"},
    {"调味品", "调味", "调料"}, {"副食", "副食品"}, {"农产品", "农副产品"}, {"商贸", "贸易"},
)  # fmt: skip
_BEHIND_PLACES = re.compile(r"^(?P<places>.+[省市区县镇乡村])(?P<own>..+)$")
_PLACE_ENDINGS = re.compile(r"(?<=..)[省市区县镇乡村](?=..)")
_PHONE = re.compile(r"1\d{10}|\d{3,4}-\d{7,8}|(?:电话|联系人)[::]?.*$")
_NO_NAME = re.compile(r"\([^)]*\)|1\d{10}|\d{3,4}-\d{7,8}|(?:电话|联系人)[::]?.*$")


@dataclass(frozen=True)
class FirmName:
    """A firm's name taken apart."""

    core: str
    brand: str
    trades: tuple[str, ...]
    form: str


@lru_cache(maxsize=8192)
def taken_apart(name: str) -> FirmName:
    """``襄城惠民粮油有限公司`` → brand 襄城惠民, trade 粮油, form company."""
    key = name_key(_NO_NAME.sub("", tidy(name))) or name_key(name)
    form = ""
    for ending, kind in _FORMS:
        if key.endswith(ending) and len(key) > len(ending) + 1:
            key, form = key.removesuffix(ending), kind
            break
    if form == "company" and len(key) > 3:
        key = key.removesuffix("集团")  # …集团股份有限公司
    trades = tuple(_TRADE.findall(key))
    first = _TRADE.search(key)
    brand = key[: first.start()] if first and first.start() else _TRADE.sub("", key)
    return FirmName(key, brand, trades, form)


def _without_place_endings(brand: str) -> str:
    """仪陇县丰收 and 仪陇丰收 are one: the word for a kind of place says nothing."""
    return _PLACE_ENDINGS.sub("", brand)


def _beside_places(one: str, other: str) -> bool:
    """阜阳福满仓 and 阜阳市颍泉区福满仓: the same word behind fewer of the same places."""
    found = _BEHIND_PLACES.match(other)
    if found is None:
        return False
    return one.endswith(found["own"]) and one.removesuffix(found["own"]) in found["places"]


def same_brand(short: str, long_: str) -> bool:
    """The same word, but for a place before it: 惠民 in 襄城惠民, 襄阳市惠民."""
    if _beside_places(short, long_) or _beside_places(long_, short):
        return True
    short, long_ = _without_place_endings(short), _without_place_endings(long_)
    if short == long_:
        return len(short) >= 2
    one, other = sorted((short, long_), key=len)
    place = other.removesuffix(one)
    return len(one) >= 2 and other.endswith(one) and len(place) >= 2


def _cut_short(short: FirmName, long_: FirmName) -> bool:
    """鲜到家农产 for 鲜到家农产品配送: the beginning of the other name, brand and more, in the middle of a word."""
    one = _without_place_endings(short.core)
    return any(_runs_over_brand(one, core, brand) for core, brand in {
        (long_.core, long_.brand), (_without_place_endings(long_.core), _without_place_endings(long_.brand))
    })  # fmt: skip


def _runs_over_brand(one: str, core: str, brand: str) -> bool:
    """Does `one` begin in the brand (or at a place before it) and go on behind it?"""
    at = core.find(one)
    return (at == 0 or at >= 2) and 2 <= len(brand) - at < len(one)


def may_be_same(short: FirmName, long_: FirmName) -> bool:
    """Does nothing speak against `short` being another name of `long_`?"""
    if _cut_short(short, long_):
        return not (short.form and long_.form and short.form != long_.form)
    if not short.brand or not same_brand(short.brand, long_.brand):
        return False
    if short.form and long_.form and short.form != long_.form:
        return False
    return all(any(_same_trade(mine, theirs) for theirs in long_.trades) for mine in short.trades)


def _same_trade(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in _ALIKE_TRADES)


def match_firms(new: Mapping[str, frozenset[str]], known: Sequence[KnownName]) -> list[Likeness]:
    """For every new name: the fuller name (new or known) that it stands for, or that it may and why not surely."""
    goods = {each.name: each.goods for each in known} | {
        name: each | next((k.goods for k in known if k.name == name), frozenset()) for name, each in new.items()
    }
    canonical = {each.name: each.canonical for each in known}
    fresh = [name for name in new if name not in canonical]
    first = [told for name in fresh if (told := _likeness(name, goods, canonical))]
    for told in first:  # what an alias brings, its firm brings: a second look may settle what was doubtful
        if told.sure:
            goods[told.same_as] = goods.get(told.same_as, frozenset()) | goods[told.name]
    return _to_the_end([told for name in fresh if (told := _likeness(name, goods, canonical))])


def _likeness(name: str, goods: Mapping[str, frozenset[str]], canonical: Mapping[str, str]) -> Likeness | None:
    mine = taken_apart(name)
    fitting = [
        other for other in goods if other != name and _fuller(other, name) and may_be_same(mine, taken_apart(other))
    ]
    roots = {canonical.get(other, other) for other in fitting}
    tops = [root for root in roots if not any(_covers(other, root) for other in roots if other != root)]
    if not tops:
        return _spelt_differently(name, goods, canonical)
    if len(tops) > 1:
        sharing = [top for top in tops if goods[name] & goods.get(top, frozenset())]
        if len(sharing) != 1:
            return Likeness(name, tops[0], False, _several(tops))
        tops = sharing
    return _judged(name, tops[0], goods)


def _fuller(other: str, name: str) -> bool:
    """Is `other` the more complete writing?"""
    one, two = taken_apart(other), taken_apart(name)
    return _fullness(one, other) > _fullness(two, name)


def _fullness(taken: FirmName, name: str) -> tuple[int, int, int, str]:
    """Longer core, a legal form and its longer writing count; a telephone number behind the name does not."""
    written = len(name_key(_PHONE.sub("", tidy(name))))
    return len(taken.core) + 2 * bool(taken.form), written, -len(name_key(name)), name


def _covers(other: str, root: str) -> bool:
    return _fuller(other, root) and may_be_same(taken_apart(root), taken_apart(other))


def _judged(name: str, same: str, goods: Mapping[str, frozenset[str]]) -> Likeness:
    shared = goods[name] & goods.get(same, frozenset())
    mine = taken_apart(name)
    brand = {"brand": mine.brand, "other": same, "goods": "、".join(sorted(shared)[:4])}
    if shared:
        return Likeness(
            name,
            same,
            True,
            Note("same-firm", _("same brand “%(brand)s” as %(other)s, and both bring %(goods)s"), brand),
        )
    if mine.trades or mine.form:
        return Likeness(name, same, True, Note("same-firm", _("same brand “%(brand)s” and trade as %(other)s"), brand))
    return Likeness(
        name,
        same,
        False,
        Note("same-brand-other-goods", _("same brand “%(brand)s” as %(other)s, but other goods; kept apart"), brand),
    )


def _several(tops: Sequence[str]) -> Note:
    return Note("several-firms", _("may be %(names)s; kept apart"), {"names": "、".join(sorted(tops))})


def _spelt_differently(name: str, goods: Mapping[str, frozenset[str]], canonical: Mapping[str, str]) -> Likeness | None:
    """A slip of the pen outside of the brand, with the same goods; else only a hint."""
    from rapidfuzz.distance import Levenshtein

    mine = taken_apart(name)
    for other in sorted(goods, key=lambda each: (-len(each), each)):
        if other == name or not _fuller(other, name):
            continue
        theirs = taken_apart(other)
        same = name_key(_NO_NAME.sub("", tidy(name))), name_key(_NO_NAME.sub("", tidy(other)))
        if same[0] == same[1]:
            return Likeness(
                name,
                canonical.get(other, other),
                True,
                Note("same-writing", _("written alike: %(other)s"), {"other": other}),
            )
        near = Levenshtein.distance(*same) == 1 and len(same[1]) >= 5
        if near and mine.brand and mine.brand == theirs.brand:
            told = Note("near-writing", _("one character differs from %(other)s; kept apart"), {"other": other})
            return Likeness(name, canonical.get(other, other), False, told)
    return None


def _to_the_end(found: list[Likeness]) -> list[Likeness]:
    """When A is B and B is C, then A is C."""
    sure = {each.name: each.same_as for each in found if each.sure}

    def end(name: str) -> str:
        seen = {name}
        while name in sure and sure[name] not in seen:
            name = sure[name]
            seen.add(name)
        return name

    return [Likeness(each.name, end(each.same_as), each.sure, each.why) for each in found]
