"""Photos that look alike are found by the parts of their hashes; others are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from houqin.core.files.likeness import ALIKE, dhash, distance, pairs_alike, parts, remember
from houqin.core.files.models import Blob, StoredFile
from tests.world import NOON, World

HASHES = st.integers(-(1 << 63), (1 << 63) - 1)


def kitchen(shift: int = 0) -> Image.Image:
    """A picture with light and dark places."""
    image = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for number in range(6):
        left = (number * 97 + shift) % 560
        draw.rectangle((left, number * 70, left + 90, number * 70 + 60), fill=(240 - number * 30,) * 3)
    return image


@given(HASHES, st.lists(st.integers(0, 63), max_size=ALIKE))
def test_hashes_that_differ_in_few_bits_share_a_part(value: int, flipped: list[int]) -> None:
    other = value
    for bit in flipped:
        other ^= 1 << bit
    other = (other + (1 << 63)) % (1 << 64) - (1 << 63)
    assert distance(value, other) <= ALIKE
    assert any(one == two for one, two in zip(parts(value), parts(other), strict=True))


@given(HASHES)
def test_the_parts_fit_into_their_columns(value: int) -> None:
    assert all(0 <= part < 1 << 15 for part in parts(value))


def test_the_same_scene_smaller_is_alike_and_another_is_not() -> None:
    first, smaller, other = dhash(kitchen()), dhash(kitchen().resize((320, 240))), dhash(kitchen(250))
    assert first is not None
    assert smaller is not None
    assert other is not None
    assert distance(first, smaller) <= ALIKE
    assert distance(first, other) > ALIKE


def test_a_plain_picture_has_no_hash() -> None:
    assert dhash(Image.new("RGB", (640, 480), "white")) is None


@pytest.mark.django_db
def test_files_that_look_alike_are_found(world: World) -> None:
    def kept(digest: str, image: Image.Image) -> StoredFile:
        blob = Blob.objects.create(digest=digest, media_type="image/jpeg", size_bytes=1)
        remember(blob, image)
        remember(blob, image)
        made: StoredFile = StoredFile.objects.create(
            org=world.school_a, blob=blob, data_class="operational", permission="", name=digest, stored_at=NOON
        )
        return made

    old, other, new = kept("a", kitchen()), kept("b", kitchen(250)), kept("c", kitchen().resize((400, 300)))
    found = [(one, two) for one, two, _bits in pairs_alike([new.pk])]
    assert found == [(new.pk, old.pk)]
    assert [one for one, *_rest in pairs_alike([other.pk])] == []
    assert list(pairs_alike([])) == []
    StoredFile.objects.filter(pk=old.pk).update(org=world.school_b)
    assert list(pairs_alike([new.pk])) == []
