"""What a file is by its first bytes, whatever its name or the sender say."""

from typing import Any

from django.utils.translation import gettext_lazy as _

HEAD_BYTES = 512
PICTURES = {"JPEG", "PNG", "WEBP"}
_MARKS = [
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
]
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_NO_PICTURE = _("This is no picture. Take one with the camera, or choose a JPEG, PNG or WebP file.")
_REASONS: dict[str, Any] = {
    "EMPTY": _("The file is empty: the picture was not saved on the phone. Take it once more."),
    "HEIC": _(
        "This is a HEIC picture, which other devices cannot show. On the iPhone choose Settings › Camera › Formats › "
        "Most Compatible, and take it once more."
    ),
    "SVG": _("This is an SVG drawing, not a photo. Take one with the camera."),
    "HTML": _("This is a web page, not a photo. Take one with the camera."),
    "": _NO_PICTURE,
}
_OTHER = _(
    "This is a %(kind)s file, whatever its name says. Take a photo with the camera, or choose JPEG, PNG or WebP."
)


def kind_of(head: bytes) -> str:
    """JPEG, PNG, WEBP, another kind that has a name, EMPTY, or nothing where the bytes say nothing."""
    if not head:
        return "EMPTY"
    for mark, kind in _MARKS:
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return "HEIC" if head[8:12] in _HEIC else "MP4"
    return _markup(head)


def _markup(head: bytes) -> str:
    text = head.lower()
    if b"<svg" in text:
        return "SVG"
    return (
        "HTML" if text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<!doctype", b"<html", b"<?xml", b"<script")) else ""
    )


def refusal_of(kind: str) -> str:
    """Why a file of this kind is no photo, and what to do."""
    return str(_REASONS[kind] if kind in _REASONS else _OTHER % {"kind": kind})
