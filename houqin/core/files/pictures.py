"""A picture from an upload: decoded within limits, upright, small, and without anything but its pixels."""

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from houqin.core.files.sniffing import HEAD_BYTES, PICTURES, kind_of, refusal_of
from houqin.core.files.stamps import burn
from houqin.core.scope.refusals import Refused

MEDIA_TYPE = "image/jpeg"
LONGEST_SIDE = 2048
SMALL_SIDE = 320
QUALITY = 82
MEGA = 1_000_000
MEGABYTE = 1024 * 1024
# A JPEG can be read at a fraction of its size; the others lie in memory whole.
MOST_PIXELS = {"JPEG": 66 * MEGA, "PNG": 26 * MEGA, "WEBP": 26 * MEGA}
LEAST_SIDE = 16
MOST_RATIO = 20
_ORIENTATION, _EXIF, _TAKEN, _TAKEN_OFFSET = 0x0112, 0x8769, 0x9003, 0x9011
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error)


class Upload(Protocol):
    """What a form gives: a size, and the bytes."""

    @property
    def size(self) -> int | None: ...
    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, position: int, /) -> Any: ...


@dataclass(frozen=True)
class Encoded:
    """A picture as it is stored."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """Pixels, upright and no longer than ``LONGEST_SIDE``, and when the camera says that they were taken."""

    image: Image.Image
    taken_at: datetime | None

    def encoded(self, stamp: tuple[str, ...] = ()) -> Encoded:
        """As it is stored; with the lines of its stamp burnt in at the bottom."""
        return _encode(burn(self.image, stamp) if stamp else self.image)

    def small(self) -> Encoded:
        """Its thumbnail."""
        image = self.image.copy()
        image.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
        return _encode(image)


def _encode(image: Image.Image) -> Encoded:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Encoded(out.getvalue(), image.width, image.height)


def read_picture(upload: Upload) -> Picture:
    """Read an upload as a photo, or refuse it in words: by its size before a byte is read, then by its kind, its
    pixels before they are unpacked, and what it really holds."""
    check_size(upload.size or 0)
    upload.seek(0)
    kind = kind_of(upload.read(HEAD_BYTES))
    if kind not in PICTURES:
        raise Refused(refusal_of(kind))
    upload.seek(0)
    with _words_for_damage(), Image.open(upload, formats=[kind]) as image:  # type: ignore[arg-type]
        _check_pixels(kind, image.width, image.height)
        turn, taken_at = _from_camera(image)
        # Only a JPEG heeds this: it is then unpacked at a half, a quarter or an eighth.
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        return Picture(_bare(image, turn), taken_at)


def check_size(size: int) -> None:
    """Refuse a photo by its size alone."""
    if size > settings.UPLOAD_LIMIT_BYTES:
        raise Refused(
            _("The photo has %(size)d MB; at most %(most)d MB are taken. Choose a smaller picture size in the camera.")
            % {"size": round(size / MEGABYTE), "most": settings.UPLOAD_LIMIT_BYTES // MEGABYTE}
        )


def _check_pixels(kind: str, width: int, height: int) -> None:
    shown = {"width": width, "height": height, "most": MOST_PIXELS[kind] // MEGA}
    if width * height > MOST_PIXELS[kind]:
        raise Refused(
            _(
                "The picture has %(width)d × %(height)d points; at most %(most)d million are taken. Choose a smaller size."
            )
            % shown
        )
    if min(width, height) < LEAST_SIDE or max(width, height) > MOST_RATIO * min(width, height):
        raise Refused(
            _("A picture of %(width)d × %(height)d points shows nothing. Take a photo with the camera.") % shown
        )


@contextmanager
def _words_for_damage() -> Iterator[None]:
    """Whatever a decoder says of broken bytes, the person is told the one thing that helps."""
    try:
        yield
    except (*_BROKEN, MemoryError, zlib.error, Image.DecompressionBombError) as error:
        raise Refused(_("The picture is damaged or was cut short on its way. Take it once more.")) from error


def _bare(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    """A fresh picture of the same pixels, turned as the camera was held: no comment, place or profile goes with it."""
    image.load()
    seen = image.convert("RGBA" if image.has_transparency_data else "RGB")
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    return paper if turn is None else paper.transpose(turn)


def _from_camera(image: Image.Image) -> tuple[Image.Transpose | None, datetime | None]:
    """How it was held and when it was taken, by its EXIF; where that is broken, it says nothing."""
    try:
        exif = image.getexif()
        turn, inner = _TURNS.get(exif.get(_ORIENTATION, 1)), exif.get_ifd(_EXIF)
    except _BROKEN:
        return None, None
    return turn, _taken_at(inner)


def _taken_at(exif: dict[int, Any]) -> datetime | None:
    """The moment of a photo; a camera that names no zone means the school's."""
    offset = str(exif.get(_TAKEN_OFFSET, ""))[:6]
    try:
        naive = datetime.strptime(str(exif.get(_TAKEN))[:19], "%Y:%m:%d %H:%M:%S")
        zoned = datetime.strptime(f"{naive.isoformat()}{offset}", "%Y-%m-%dT%H:%M:%S%z") if offset else None
        return zoned or timezone.make_aware(naive)
    except (ValueError, OverflowError):
        return None
