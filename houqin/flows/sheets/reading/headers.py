"""Finding the header of a table and saying which column means which field, with the reason for each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from houqin.flows.sheets.reading.grids import Cell, Grid
from houqin.flows.sheets.reading.shapes import Field, FieldType, Shape
from houqin.flows.sheets.reading.titles import read_title
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.lib.specs import GRAMS_A_UNIT, MILLILITRES_A_UNIT, pack_name
from houqin.lib.text import name_key, squeezed, tidy

SEARCHED_ROWS = 40
_LONGEST_HEADER = 30
_BRACKETS = re.compile(r"[(\[【]([^)\]】]*)[)\]】]")
_TAIL_UNIT = re.compile(r"[/:](kg|g|斤|公斤|千克|克|元|吨|两)$|(?<=[量重])(kg|g|斤|公斤|千克|克)$", re.IGNORECASE)
_ORDINAL = {"序号", "编号", "no", "序", "行号", "№", "顺序号"}
_DATE_PARTS = {"年": "year", "月": "month", "日": "day", "月份": "month"}
_EXACT, _FUZZY_FROM = 1.0, 78
_UNDER_ANOTHER = 0.6


@dataclass(frozen=True)
class Heading:
    """What stands above one column: group (two-line headers), own text, unit in brackets."""

    column: int
    text: str
    group: str = ""
    unit: str = ""
    bracket: str = ""  # what stands in brackets behind it and is no unit: 生产日期（批号）

    @property
    def label(self) -> str:
        """Both lines, as a person would read them out."""
        return f"{self.group}／{self.text}" if self.group and self.group != self.text else self.text


@dataclass(frozen=True)
class Match:
    """Column → field, how sure (0…1) and why."""

    heading: Heading
    field: str
    score: float
    why: Note
    part: str = ""  # "month"/"day"/"year" when a day is split over columns


@dataclass
class Header:
    """A header as found for one shape: its rows, matches, columns not used, and how well it fits."""

    shape: Shape
    first: int
    last: int
    headings: list[Heading]
    matches: list[Match] = field(default_factory=list)
    score: float = 0.0
    texts: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[int, Match]:
        """Matches by column."""
        return {match.heading.column: match for match in self.matches}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every text that its lines hold, to tell quickly that a line is not the header once more."""
        return frozenset(self.texts)

    @property
    def unused(self) -> list[Heading]:
        """Columns with a heading that no field takes."""
        return [heading for heading in self.headings if heading.column not in self.columns]


def headings_at(grid: Grid, first: int, last: int) -> list[Heading]:
    """The headings that rows `first`…`last` make (one or two lines, groups spread over their columns)."""
    upper = _spread(grid, first) if last > first else {}
    found = []
    for column in range(grid.width):
        lower = grid.text(last, column)
        group = upper.get(column, "")
        text = squeezed(lower) or group
        if text:
            base, unit = split_unit(text)
            told = "".join(inside for inside in _BRACKETS.findall(text) if not _is_unit(inside)) if base else ""
            own = "" if group == text else squeezed(group)
            found.append(Heading(column, base or text, own, unit or split_unit(group)[1], told))
    return found


def header_words(shapes: Sequence[Shape]) -> frozenset[str]:
    """What the cells of a header may say: the usual names of fields, or what these begin or end with, under a group."""
    found = {name_key(part) for part in _DATE_PARTS}
    for name in (name for shape in shapes for each in shape.fields for name in each.names):
        for key in (name_key(name), _base(name)):
            found |= {
                key,
                *(key[:end] for end in range(2, len(key))),
                *(key[start:] for start in range(1, len(key) - 1)),
            }
    return frozenset(found - {""})


def may_head(grid: Grid, row: int, words: frozenset[str]) -> bool:
    """Whether a line, with the one below it, says enough of these words to be a header: quickly told of most lines of a table."""
    filled = grid.filled(row)
    below = grid.filled(row + 1) if row + 1 < len(grid.rows) else []
    return sum(_base(text) in words for _column, text in [*filled, *below]) * 10 >= len(filled) * 7


@lru_cache(maxsize=16384)
def _base(text: str) -> str:
    plain = squeezed(text)
    return name_key(split_unit(plain)[0] or plain)


def _spread(grid: Grid, row: int) -> dict[int, str]:
    """Texts of a group line, each over the columns of its merge (or to its right while the cells are empty and
    the line below speaks)."""
    texts: dict[int, str] = {}
    merged = {merge.left: merge.right for merge in grid.merges if merge.top <= row <= merge.bottom}
    for column, text in grid.filled(row):
        end = merged.get(column)
        if end is None:
            end = column
            while not grid.text(row, end + 1) and grid.text(row + 1, end + 1) and grid.text(row + 1, column):
                end += 1
        texts.update(dict.fromkeys(range(column, end + 1), squeezed(text)))
    return texts


def split_unit(text: str) -> tuple[str, str]:
    """``单价(元/斤)`` → (单价, 元/斤); brackets that hold no unit are dropped: ``名称(品种)`` → (名称, "")."""
    plain = squeezed(text).strip("*:：·#")
    unit = ""
    for inside in _BRACKETS.findall(plain):
        if _is_unit(inside):
            unit = inside
    base = _BRACKETS.sub("", plain).strip("*:：")
    tail = _TAIL_UNIT.search(base)
    if tail and not unit:
        unit, base = tail[1] or tail[2], base[: tail.start()]
    return base, unit


def _is_unit(text: str) -> bool:
    parts = [part.casefold().removeprefix("单位").strip(":：") for part in text.split("/")]
    known = {"元", "万元", "角", "分", "人", "天", "月", "日"}
    return all(part in GRAMS_A_UNIT or part in MILLILITRES_A_UNIT or pack_name(part) or part in known for part in parts)


@lru_cache(maxsize=256)
def _as_tidy(field_: Field) -> frozenset[str]:
    """The usual names of a field with their brackets."""
    return frozenset(squeezed(name) for name in field_.names)


@lru_cache(maxsize=16384)
def _likeness(field_: Field, text: str) -> tuple[float, str]:
    """How much `text` looks like a header of `field_`, and the reason's code."""
    key = name_key(text)
    if not key or any(word in key for word in field_.never):
        return 0.0, ""
    best: tuple[float, str] = (0.0, "")
    for rank, name in enumerate(field_.names):
        known = name_key(name)
        if key == known:
            return _EXACT - min(rank, 20) / 1000, "exact"
        if len(known) >= 2 and known in key:
            best = max(best, (0.55 + 0.35 * len(known) / len(key), "contains"))
        elif len(key) >= 2 and key in known:
            best = max(best, (0.45 + 0.2 * len(key) / len(known), "part"))
        elif len(key) >= 3 and (ratio := fuzz.ratio(key, known)) >= _FUZZY_FROM:
            best = max(best, (ratio / 180, "similar"))
    return best


_WHY = {
    "exact": _("“%(header)s” is a usual name for it"),
    "contains": _("“%(header)s” contains a usual name for it"),
    "part": _("“%(header)s” is part of a usual name for it"),
    "similar": _("“%(header)s” is spelt much like a usual name for it"),
    "hand": _("chosen by hand"),
    "parts": _("“%(header)s” is one part of the day"),
}


def match_columns(
    shape: Shape, headings: Sequence[Heading], chosen: Mapping[int, str | None] | None = None
) -> list[Match]:
    """Give each column at most one field and each field at most one column, the surest pair first.

    `chosen` is what a person decided: column → field, or None for *do not use*."""
    chosen = chosen or {}
    matches = [
        Match(heading, name, 1.0, Note("hand", _WHY["hand"]))
        for heading in headings
        if (name := chosen.get(heading.column)) and any(each.name == name for each in shape.fields)
    ]
    matches += _date_parts(shape, headings, {match.field for match in matches}, chosen)
    taken = {match.field for match in matches}
    used = {match.heading.column for match in matches} | set(chosen)
    for score, _order, heading, field_, why in _pairs(shape, headings):
        if field_.name not in taken and heading.column not in used:
            taken.add(field_.name)
            used.add(heading.column)
            matches.append(Match(heading, field_.name, score, Note(why, _WHY[why], {"header": heading.label})))
    return matches


def _pairs(shape: Shape, headings: Sequence[Heading]) -> list[tuple[float, int, Heading, Field, str]]:
    """Every field with every heading it may stand under, the likeliest first."""
    pairs = []
    for order, field_ in enumerate(shape.fields):
        for heading in headings:
            if name_key(heading.text) in _ORDINAL and field_.type is not FieldType.CODE:
                continue
            score, why = _fitting(field_, heading)
            if score >= 0.42:
                pairs.append((score, order, heading, field_, why))
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2].column))


def _fitting(field_: Field, heading: Heading) -> tuple[float, str]:
    """How well a heading with its bracket and its group names a field, and why."""
    score, why = _likeness(field_, heading.text)
    if heading.bracket:
        if any(word in heading.bracket for word in field_.never):
            score *= _UNDER_ANOTHER
        if f"{heading.text}({heading.bracket})" in _as_tidy(field_):
            score, why = _EXACT, "exact"
    if heading.group:
        if any(word in name_key(heading.group) for word in field_.never):
            score *= _UNDER_ANOTHER  # 名称 under 供货单位 is no food
        joined, why_joined = _likeness(field_, heading.group + heading.text)
        if joined > score:
            score, why = joined, why_joined
    return score, why


def _date_parts(
    shape: Shape, headings: Sequence[Heading], taken: set[str], chosen: Mapping[int, str | None]
) -> list[Match]:
    """A day written over two or three columns: 月 | 日 under one group or side by side."""
    days = [field_ for field_ in shape.day_fields if field_.name not in taken]
    free = [heading for heading in headings if heading.column not in chosen]
    found: list[Match] = []
    for before, after in pairwise(free):
        if (before.text, after.text) == ("月", "日") and after.column == before.column + 1 and days:
            named = max(days, key=lambda each: _likeness(each, before.group)[0] if before.group else 0)
            group = [heading for heading in free if heading.text == "年" and heading.column == before.column - 1]
            for heading in [*group, before, after]:
                why = Note("parts", _WHY["parts"], {"header": heading.label})
                found.append(Match(heading, named.name, 0.95, why, _DATE_PARTS[heading.text]))
            days.remove(named)
    return found


def find_header(
    grid: Grid, shapes: Sequence[Shape], spoken: str, *, start: int = 0, fixed: int | None = None,
    chosen: Mapping[int, str | None] | None = None,
) -> Header | None:  # fmt: skip
    """The best header among the rows from `start`, over all shapes; `spoken` is title, sheet and file name."""
    best: Header | None = None
    rows = [fixed] if fixed is not None else range(start, min(len(grid.rows), start + SEARCHED_ROWS))
    for row in rows:
        if row >= len(grid.rows) or not _could_head(grid, row):
            continue
        for last in (row, row + 1):
            if last > row and not (_second_line(grid, last) and _under_groups(grid, row, last)):
                continue
            headings = headings_at(grid, row, last)
            for shape in shapes:
                header = fit(shape, row, last, headings, spoken, chosen)
                if header and (best is None or header.score > best.score + _handicap(header, best)):
                    best = header
    if best is not None:
        best.texts = tuple(text for row in range(best.first, best.last + 1) for _column, text in grid.filled(row))
    return best


def _handicap(header: Header, best: Header) -> float:
    """Two lines win over their first line alone unless they fit clearly worse: the second is no row of data."""
    if header.first == best.first and header.last > best.last:
        return -0.5
    return 0.001


def _under_groups(grid: Grid, first: int, last: int) -> bool:
    """Stand the words of the second line below groups or empty cells, not each below a heading of its own?"""
    wide = {
        column
        for merge in grid.merges
        if merge.top <= first <= merge.bottom and merge.right > merge.left
        for column in range(merge.left, merge.right + 1)
    }
    own = 0  # a group may be one column wide: 单价 above （元）
    for column, _text in grid.filled(last):
        above = grid.text(first, column)
        beside = not grid.text(first, column + 1) and bool(grid.text(last, column + 1))
        own += bool(above) and column not in wide and not beside
    return own * 2 < len(grid.filled(last))


def fit(
    shape: Shape,
    first: int,
    last: int,
    headings: list[Heading],
    spoken: str,
    chosen: Mapping[int, str | None] | None = None,
) -> Header | None:
    """How well these headings suit `shape`; None when they do not."""
    matches = match_columns(shape, headings, chosen)
    fields = {match.field for match in matches}
    required = {each.name for each in shape.fields if each.required}
    missing = {
        each.name for each in shape.fields if each.required and each.name not in fields and each.or_else not in fields
    }
    if len(fields) < shape.least or len(missing) * 2 > len(required):
        return None
    columns = len([heading for heading in headings if name_key(heading.text) not in _ORDINAL]) or 1
    matched = sum(match.score for match in matches)
    score = matched / columns * 3 + matched / 6 - len(missing) * 0.8
    score += sum(0.6 for word in shape.hints[:12] if word in spoken) - sum(
        1.0 for word in shape.against if word in spoken
    )
    return Header(shape, first, last, headings, matches, score)


def _could_head(grid: Grid, row: int) -> bool:
    cells = [cell for cell in grid.rows[row] if cell not in (None, "")]
    texts = [cell for cell in cells if isinstance(cell, str)]
    if any(read_title(text).day or (":" in tidy(text) and _states_something(text)) for text in texts):
        return False  # a line above the header
    return (
        len(texts) >= 2 and len(texts) == len(cells) and all(len(squeezed(text)) <= _LONGEST_HEADER for text in texts)
    )


def _states_something(text: str) -> bool:
    """``日期：2023年5月8日``, ``学校：…``, ``计量单位：公斤``: a line above a header, not a header."""
    told = read_title(text)
    return bool(told.day or told.school or told.unit)


def _second_line(grid: Grid, row: int) -> bool:
    """Can this row be the second line of a header? Short words only: no numbers, no dates."""
    if row >= len(grid.rows) or grid.is_blank(row):
        return False
    return all(_is_word(cell) for cell in grid.rows[row] if cell not in (None, ""))


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and len(squeezed(cell)) <= 14 and not re.search(r"\d{2}|^\d", squeezed(cell))


def repeats(grid: Grid, row: int, header: Header) -> bool:
    """Is this row the header once more (a printed page begins)?"""
    filled = grid.filled(row)
    if len(filled) < 2 or not any(text in header.words for _column, text in filled):
        return False
    told = {heading.column: name_key(heading.text) for heading in header.headings}
    groups = {heading.column: name_key(heading.group) for heading in header.headings if heading.group}
    same = sum(told.get(column) == name_key(split_unit(text)[0]) for column, text in filled)
    upper = sum(groups.get(column) == name_key(text) for column, text in filled)
    return (same + upper) * 10 >= len(filled) * 7
