"""Pictures as phones, prank and malice make them."""

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageDraw


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Grass below, sky above, and a red corner at the top left by which turning is seen."""
    image = Image.new("RGB", (width, height), (120, 170, 230))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, height // 2, width, height), fill=(60, 140, 60))
    pen.rectangle((0, 0, width // 4, height // 4), fill=(220, 20, 20))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 640, height: int = 480, **options: Any) -> bytes:
    return encoded(scene(width, height), **options)


def upload(content: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    """As a form hands it on; a plain photo when nothing else is asked for."""
    return SimpleUploadedFile(name, jpeg() if content is None else content, "image/jpeg")


def camera_exif(taken: str = "2024:03:04 11:58:03", offset: str = "", orientation: int = 1) -> Image.Exif:
    """What a phone writes: how it was held, when, and where (30° N, 112° E)."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Telephone"
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        inner[ExifTags.Base.OffsetTimeOriginal] = offset
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (30.0, 0.0, 0.0), 3: "E", 4: (112.0, 0.0, 0.0)})
    return exif


def bomb_png(width: int, height: int) -> bytes:
    """A PNG whose header promises far more points than its few bytes should hold."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 8_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
