"""Which photos look alike: a difference hash of 64 bits, computed before anything is burnt in.

Two hashes that differ in at most four bits share at least one of five parts, so that candidates are found by index.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import Q
from PIL import Image

from houqin.core.files.models import Blob, Likeness, StoredFile

ALIKE = 4
"""So many bits of 64 may differ."""
_WIDTHS = (13, 13, 13, 13, 12)
_BITS, _SIGN = 1 << 64, 1 << 63
_PLAIN = 8
SEEN = "blob__likeness__dhash"


def dhash(image: Image.Image) -> int | None:
    """The hash as a signed number of 64 bits: whether each point is darker than its right neighbour. None of a plain picture."""
    small = image.convert("L").resize((9, 8), Image.Resampling.BOX, reducing_gap=2.0)
    points = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (points[row * 9 + column] < points[row * 9 + column + 1])
    if not _PLAIN <= bits.bit_count() <= 64 - _PLAIN:
        return None
    return bits - _BITS if bits & _SIGN else bits


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ."""
    return ((one ^ other) & (_BITS - 1)).bit_count()


def parts(value: int) -> list[int]:
    """The five parts of a hash."""
    left, found = value & (_BITS - 1), []
    for width in _WIDTHS:
        found.append(left & ((1 << width) - 1))
        left >>= width
    return found


def remember(blob: Blob, image: Image.Image) -> None:
    """Keep how the picture of these bytes looks, if that can tell it from others. One query."""
    value = dhash(image)
    if value is not None:
        row = Likeness(blob=blob, dhash=value, **{f"part{number}": part for number, part in enumerate(parts(value))})
        Likeness.objects.bulk_create([row], ignore_conflicts=True)


def pairs_alike(new: Collection[int]) -> Iterator[tuple[int, int, int]]:
    """Of files, by their ids, those that look like others of the same unit: (file, other, bits that differ). Two queries."""
    rows = StoredFile.objects.filter(blob__likeness__isnull=False).order_by("pk")
    mine = list(rows.filter(pk__in=new).values_list("pk", "org_id", SEEN))
    match = Q(pk__in=())
    for number, some in enumerate(zip(*(parts(value) for _pk, _org, value in mine), strict=True)):
        match |= Q(**{f"blob__likeness__part{number}__in": set(some)})
    others: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pk, org, value in rows.filter(match, org__in={org for _pk, org, _value in mine}).values_list(
        "pk", "org_id", SEEN
    ):
        others[org].append((pk, value))
    for pk, org, value in mine:
        for other, seen in others[org]:
            if other != pk and distance(value, seen) <= ALIKE:
                yield pk, other, distance(value, seen)
