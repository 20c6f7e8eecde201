"""Specifications of packs: ``25kg/袋``, ``袋×25kg``, ``200g*24盒/箱``, ``250ml×24/箱`` → content of each pack."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from houqin.lib.text import squeezed

GRAMS_A_UNIT: dict[str, Decimal] = {
    **dict.fromkeys(["斤", "市斤"], Decimal(500)),
    **dict.fromkeys(["公斤", "千克", "kg", "kgs", "kg.", "k g", "kilo", "千g"], Decimal(1000)),
    **dict.fromkeys(["克", "g", "gr", "gram"], Decimal(1)),
    **dict.fromkeys(["两", "市两"], Decimal(50)),
    **dict.fromkeys(["吨", "t", "公吨"], Decimal(1_000_000)),
    **dict.fromkeys(["毫克", "mg"], Decimal("0.001")),
}
MILLILITRES_A_UNIT: dict[str, Decimal] = {
    **dict.fromkeys(["ml", "毫升", "cc"], Decimal(1)),
    **dict.fromkeys(["l", "升", "公升", "立升"], Decimal(1000)),
}
_PACKS = "袋件桶箱瓶包盒罐板听提筐捆把个只条块份串扎坛壶篓盘打枚支杯盆框排卷尾头碗根棵颗粒团筒套"
_LONG_PACKS = (
    "小袋",
    "大袋",
    "小包",
    "大包",
    "编织袋",
    "纸箱",
    "塑料桶",
    "铁桶",
    "小箱",
    "大箱",
    "小瓶",
    "大瓶",
    "小盒",
    "大盒",
)
_MEASURES = sorted([*GRAMS_A_UNIT, *MILLILITRES_A_UNIT], key=len, reverse=True)
_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)\s*(?:(?P<measure>" + "|".join(map(re.escape, _MEASURES)) + r")(?![a-z])|"
    r"(?P<counted>[" + _PACKS + r"]))?|(?P<pack>[" + _PACKS + r"])"
)
_SIZES = re.compile(r"[大中小](?=[" + _PACKS + r"])|编织(?=袋)|[纸塑铁料]+(?=[箱桶盒袋])|装")


@dataclass(frozen=True)
class Spec:
    """What one pack holds. `levels` maps each named pack to its content; `outer` is the content of the largest."""

    text: str
    grams: Decimal | None = None
    millilitres: Decimal | None = None
    levels: dict[str, Decimal] = field(default_factory=dict)

    def content_of(self, pack: str) -> Decimal | None:
        """Content of one `pack`; of the largest one when `pack` is not named in the specification."""
        outer = self.grams if self.grams is not None else self.millilitres
        return self.levels.get(pack, outer)

    def names(self, pack: str) -> bool:
        """Does the specification speak of this pack (or of no pack at all)?"""
        return not self.levels or pack in self.levels


def pack_name(text: str) -> str:
    """The pack a unit cell names (``袋装`` → 袋), or nothing."""
    bare = _SIZES.sub("", squeezed(text).strip("()/"))
    return bare if len(bare) == 1 and bare in _PACKS else ""


@lru_cache(maxsize=4096)
def parse_spec(text: str) -> Spec:
    """Read a specification; one without a measure (``散装``, ``24盒/箱``) has no content."""
    plain = squeezed(text).casefold().replace("×", "*").replace("✕", "*").replace("✖", "*").replace("公升", "升")
    plain = re.sub(r"(?<=[\d" + _PACKS + r"])x(?=[\d" + _PACKS + r"])|(?<=[a-z斤克升])x(?=\d)", "*", plain)
    if re.search(r"\d\s*[-~–—至]\s*\d", plain) or "约" in plain:
        return Spec(squeezed(text))  # a range or an estimate states no weight
    main = re.sub(r"\([^)]*\)", "", plain)
    found = _read(main, text)
    if found.grams is None and found.millilitres is None and main != plain:
        return _read(plain, text)
    return found


def _read(plain: str, text: str) -> Spec:
    measure: tuple[Decimal, str] | None = None
    counts: list[tuple[Decimal, str]] = []
    packs: list[str] = []
    for token in _TOKEN.finditer(_SIZES.sub("", plain)):
        if token["measure"]:
            measure = measure or (Decimal(token["number"]), token["measure"])
        elif token["number"]:
            counts.append((Decimal(token["number"]), token["counted"] or ""))
        elif token["pack"] and token["pack"] not in packs:
            packs.append(token["pack"])
    if measure is None or measure[0] == 0:
        return Spec(squeezed(text))
    return _assemble(measure, counts, packs, squeezed(text))


def _assemble(measure: tuple[Decimal, str], counts: list[tuple[Decimal, str]], packs: list[str], text: str) -> Spec:
    number, unit = measure
    content = number * (GRAMS_A_UNIT.get(unit) or MILLILITRES_A_UNIT[unit])
    levels: dict[str, Decimal] = {}
    counted = {pack for _n, pack in counts}
    inner = [pack for pack in packs if pack in counted]
    outer = [pack for pack in packs if pack not in counted]
    for times, pack in counts:
        if pack:
            levels.setdefault(pack, content)
        elif inner:
            levels.setdefault(inner[0], content)
        content *= times
    for pack in outer:
        levels[pack] = content
    if unit in GRAMS_A_UNIT:
        return Spec(text, grams=content, levels=levels)
    return Spec(text, millilitres=content, levels=levels)
