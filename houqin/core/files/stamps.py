"""Place, time and person, burnt into a photo so that they stay with it wherever it goes."""

from PIL import Image, ImageDraw

from houqin.core.files.fonts import Face, chinese_face, face

LEAST_SIZE = 11
SHARE = 34
INK, SHADE = (255, 255, 255), (0, 0, 0, 150)


def stamp_lines(place: str, moment: str, name: str, account: str) -> tuple[str, ...]:
    """What the stamp says. Where the machine has no Chinese face: the time and the account's own name."""
    return (place, f"{moment} · {name}") if chinese_face() else (f"{moment} · {account}",)


def burn(image: Image.Image, lines: tuple[str, ...]) -> Image.Image:
    """A copy with the lines on a dark band at the bottom."""
    font = _fitting(image.width, max(image.size) // SHARE, lines)
    size = int(font.size)
    rows = [row for line in lines for row in _wrapped(line, font, image.width - size)]
    step = round(size * 1.35)
    band = Image.new("RGBA", (image.width, min(image.height, step * len(rows) + size // 2)), SHADE)
    pen = ImageDraw.Draw(band)
    for number, row in enumerate(rows):
        pen.text((size // 2, size // 4 + number * step), row, font=font, fill=INK)
    stamped = image.copy()
    stamped.paste(band, (0, image.height - band.height), band)
    return stamped


def _fitting(width: int, wanted: int, lines: tuple[str, ...]) -> Face:
    """As large as wanted, or as the longest line allows, but never too small to be read."""
    size = max(wanted, LEAST_SIZE)
    font = face(size)
    longest = max(font.getlength(line) for line in lines)
    room = width - size
    return font if longest <= room else face(max(int(size * room / longest), LEAST_SIZE))


def _wrapped(line: str, font: Face, room: int) -> list[str]:
    """The line in rows that fit."""
    rows = [""]
    for letter in line:
        if rows[-1] and font.getlength(rows[-1] + letter) > room:
            rows.append("")
        rows[-1] += letter
    return rows
