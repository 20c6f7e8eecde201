"""Equipment as people list it: “灭火器 24 具 一楼”, “二楼 8”, “锅炉房 2具 2023-05”. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_COUNT = re.compile(r"^[x×*]?(\d{1,3})(具|个|台|只|瓶|套|部|把|盏|块|组|处|间)?$", re.I)
_MEASURE = re.compile(r"^(具|个|台|只|瓶|套|部|把|盏|块|组|处|间)$")
_MONTH = re.compile(r"^((?:19|20)\d{2})[-./年](\d{1,2})(?:[-./月](\d{1,2})?日?)?月?$")
_INSIDE = re.compile(r"(?<=[^\d\s])(\d{1,3})(?=(?:具|个|台|只|瓶|套|部|把|盏|块|组)(?:[\s,;、:]|$))")


class Unread(ValueError):
    """A line that says nothing that can be recorded; holds the line."""


@dataclass(frozen=True)
class Listed:
    """What one line says: where, how many, made when, and what was written besides."""

    where: str
    count: int
    made_on: date | None = None


def read_list(text: str, what: str) -> list[Listed]:
    """One entry a line. ``what`` is the name of the thing, left out of the place where it is repeated."""
    return [_line(line, what) for line in unicodedata.normalize("NFKC", text).splitlines() if line.strip()]


def _line(line: str, what: str) -> Listed:
    count, made, words = None, None, []
    for token in re.split(r"[\s,;、:]+", _INSIDE.sub(r" \1", line).strip()):
        counted, month = _COUNT.match(token), _MONTH.match(token)
        if month:
            made = _day(month, line)
        elif counted and count is None:
            count = int(counted[1])
        elif token and not _MEASURE.match(token) and not _names(token, what):
            words.append(token)
    if count == 0 or (count is None and not words):
        raise Unread(line.strip())
    return Listed("".join(words), count or 1, made)


def _names(token: str, what: str) -> bool:
    """Whether a word only says again what is listed: 灭火器 for 干粉灭火器."""
    return len(token) > 1 and token in what


def _day(found: re.Match[str], line: str) -> date:
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        raise Unread(line.strip()) from None


def numbered(where: str, what: str, count: int, taken: set[str]) -> list[str]:
    """Names that are free, counted on from those that are taken: 一楼干粉灭火器1, 2 …"""
    names: list[str] = []
    number = 1
    while len(names) < count:
        name = f"{where}{what}{number}"
        if name not in taken:
            names.append(name)
        number += 1
    return names
