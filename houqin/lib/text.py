"""Text as it comes out of spreadsheets and phones, made comparable without losing what was written."""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E]
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufff9-\uffff]")
_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_CJK = r"\u3400-\u9fff\uf900-\ufaff"
_GAP_BETWEEN_CJK = re.compile(rf"(?<=[{_CJK}]) (?=[{_CJK}])")
_PUNCTUATION = re.compile(r"[\W_]+", re.UNICODE)
# Signs with which Excel, WPS and LibreOffice begin a formula, the full-width ones as Chinese versions take them too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DITTO = {'"', "''", "'", "〃", "″", "”", "“", "同上", "-同上-", "…同上", "ditto"}
_NOTHING = {
    "",
    "/",
    "//",
    "\\",
    "-",
    "--",
    "—",
    "——",
    "－",
    "无",
    "暂无",
    "没有",
    "n/a",
    "na",
    "none",
    "null",
    "空",
    "*",
}


def in_turn(value: str) -> tuple[tuple[int, int, str], ...]:
    """By which names are sorted as people count them: 2 号灭火器 before 10 号灭火器."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"([0-9]+)", value) if part
    )


def harmless(text: str) -> str:
    """Text that a spreadsheet program does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_typed(text: str) -> str:
    """What ``harmless`` was given: a cell that went out and comes back is the same."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def visible(value: object) -> str:
    """`value` as text without control and zero-width characters; whole floats lose their ``.0``."""
    if isinstance(value, str):
        return _visible(value)
    if value is None:
        return ""
    return format(value, ".15g") if isinstance(value, float) else _visible(str(value))


@lru_cache(maxsize=65536)
def _visible(text: str) -> str:
    return _CONTROL.sub("", text.translate(_INVISIBLE))


def tidy(value: object) -> str:
    """For comparing: compatibility forms folded (full-width → half), every run of spaces one space, no ends."""
    return _tidy(value) if isinstance(value, str) else _tidy(visible(value))


@lru_cache(maxsize=65536)
def _tidy(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", _visible(text))).strip()


def tidy_lines(value: object) -> str:
    """Like `tidy`, but line breaks inside the cell stay."""
    lines = re.split(r"\r\n|\r|\n", unicodedata.normalize("NFKC", visible(value)))
    return "\n".join(line for line in (_SPACES.sub(" ", raw).strip() for raw in lines) if line)


def clean(value: object) -> str:
    """For keeping: as written, Chinese punctuation included, but full-width letters and digits made half-width,
    spaces at the ends and between Chinese characters dropped."""
    return _clean(visible(value))


@lru_cache(maxsize=65536)
def _clean(text: str) -> str:
    folded = "".join(
        unicodedata.normalize("NFKC", ch) if unicodedata.category(ch) in {"Nd", "Lu", "Ll", "Zs"} else ch for ch in text
    )
    return _GAP_BETWEEN_CJK.sub("", _SPACES.sub(" ", folded).strip())


def name_key(value: object) -> str:
    """What makes two written names the same name: no case, no spaces, no punctuation."""
    return _name_key(visible(value))


@lru_cache(maxsize=65536)
def _name_key(text: str) -> str:
    return _PUNCTUATION.sub("", _tidy(text)).casefold()


def is_ditto(value: object) -> bool:
    """Is it a mark for *as above* (〃, 同上)?"""
    return tidy(value) in _DITTO


def is_nothing(value: object) -> bool:
    """Is it a way of writing *nothing* into a cell (/, —, 无)?"""
    return tidy(value).casefold() in _NOTHING


def squeezed(value: object) -> str:
    """`tidy` without any space: ``合　　计`` is 合计."""
    return tidy(value).replace(" ", "")
