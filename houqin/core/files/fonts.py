"""The face that stamps on photos are written in: one with Chinese characters, where this machine has one."""

from functools import cache
from pathlib import Path
from typing import cast

from django.conf import settings
from PIL import ImageFont

Face = ImageFont.FreeTypeFont

FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/System/Library/Fonts", "/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
NAMES = (
    "NotoSansCJK-Regular*", "NotoSansCJKsc-Regular*", "NotoSansSC-Regular*", "NotoSansSC*", "SourceHanSans*Regular*",
    "wqy-microhei*", "wqy-zenhei*", "PingFang*", "Hiragino Sans GB*", "STHeiti*", "msyh.*", "simhei.*",
    "DroidSansFallback*",
)  # fmt: skip
SAMPLE = "校验食"
MOST_FACES = 10


@cache
def chinese_face() -> tuple[str, int] | None:
    """The file of a face with Chinese characters and its number in that file; None where the machine has none.

    ``HOUQIN_FONT`` goes first.
    """
    found = [Path(settings.STAMP_FONT)] if settings.STAMP_FONT else []
    for folder in map(Path, FOLDERS):
        files = sorted(path for path in folder.expanduser().rglob("*.[to]t[fc]"))
        found += [path for name in NAMES for path in files if path.match(name)]
    for path in found:
        number = _simplified(path)
        if number is not None:
            return str(path), number
    return None


def _simplified(path: Path) -> int | None:
    """The face of a file that writes characters as the mainland does, else its first that has them at all."""
    able = []
    for number in range(MOST_FACES):
        try:
            font = ImageFont.truetype(str(path), 20, index=number)
        except OSError:
            break
        if not _writes(font):
            continue
        if str(font.getname()[0]).endswith("SC"):
            return number
        able.append(number)
    return able[0] if able else None


def _writes(font: Face) -> bool:
    """Whether the characters come out as themselves, not as the box for what is missing."""
    missing = bytes(font.getmask("\U0010fffd"))
    return all(bytes(font.getmask(one)) != missing for one in SAMPLE)


def face(size: int) -> Face:
    """The face of stamps in this size; a Latin one where there is no other."""
    found = chinese_face()
    return ImageFont.truetype(found[0], size, index=found[1]) if found else cast(Face, ImageFont.load_default(size))
