"""What is taken as a photo, what becomes of it, and what is refused in which words."""

import io
import random
from datetime import UTC, datetime

import pytest
from PIL import Image

from houqin.core.files.pictures import LONGEST_SIDE, SMALL_SIDE, read_picture
from houqin.core.files.tests.pictures import bomb_png, camera_exif, encoded, jpeg, scene, upload
from houqin.core.scope.refusals import Refused

RED = (220, 20, 20)


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def near(pixel: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 25 for one, other in zip(pixel, wanted, strict=True))


def refusal(content: bytes, name: str = "photo.jpg") -> str:
    with pytest.raises(Refused) as told:
        read_picture(upload(content, name))
    return str(told.value.message)


class Sized(io.BytesIO):
    """An upload that says its size and must not be read."""

    size: int | None = None

    def read(self, *args, **kwargs):
        raise AssertionError("read although its size was told")


def test_a_photo_becomes_a_smaller_jpeg_with_a_thumbnail():
    picture = read_picture(upload(jpeg(4000, 3000)))
    whole, small = picture.encoded(), picture.small()
    assert (whole.width, whole.height) == (LONGEST_SIDE, 1536)
    assert (small.width, small.height) == (SMALL_SIDE, 240)
    assert opened(whole.content).size == (2048, 1536)
    assert opened(whole.content).format == opened(small.content).format == "JPEG"


def test_a_small_photo_is_not_blown_up():
    assert read_picture(upload(jpeg(200, 100))).image.size == (200, 100)


def test_the_time_is_read_and_then_nothing_of_the_camera_is_left():
    taken = encoded(scene(), exif=camera_exif(), comment=b"secret place", icc_profile=b"profile")
    picture = read_picture(upload(taken))
    whole = picture.encoded().content
    assert picture.taken_at == datetime(2024, 3, 4, 3, 58, 3, tzinfo=UTC)
    assert not opened(whole).getexif()
    assert set(opened(whole).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for word in (b"Exif", b"Telephone", b"secret", b"profile", b"2024:"):
        assert word not in whole


def test_a_camera_in_another_zone_means_the_same_moment():
    taken = encoded(scene(), exif=camera_exif("2024:03:04 04:58:03", "+01:00"))
    assert read_picture(upload(taken)).taken_at == datetime(2024, 3, 4, 3, 58, 3, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "2024:13:45 99:00:00", "\x00", ""])
def test_a_time_that_is_none_is_no_reason_to_refuse(taken):
    assert read_picture(upload(encoded(scene(), exif=camera_exif(taken)))).taken_at is None


@pytest.mark.parametrize(("orientation", "corner"), [(1, (5, 5)), (3, (-5, -5)), (6, (-5, 5)), (8, (5, -5))])
def test_a_photo_stands_upright_however_the_phone_was_held(orientation, corner):
    image = read_picture(upload(encoded(scene(), exif=camera_exif(orientation=orientation)))).image
    x, y = (side % length for side, length in zip(corner, image.size, strict=True))
    assert near(image.getpixel((x, y)), RED)
    assert image.size == ((640, 480) if orientation < 5 else (480, 640))


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB", "YCbCr"])
def test_every_kind_of_jpeg_becomes_colours_that_screens_know(mode):
    image = opened(read_picture(upload(encoded(scene(mode=mode)))).encoded().content)
    assert image.mode == "RGB"
    assert mode == "L" or near(image.getpixel((5, 5)), RED)


def test_what_is_transparent_becomes_paper():
    clear = encoded(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG")
    palette = encoded(Image.new("P", (64, 64), 0), "PNG", transparency=0)
    for content in (clear, palette):
        assert read_picture(upload(content, "a.png")).image.getpixel((9, 9)) == (255, 255, 255)


def test_sixteen_bits_a_colour_are_read_too():
    assert read_picture(upload(encoded(Image.new("I;16", (64, 64), 60_000), "PNG"))).image.mode == "RGB"


def test_of_an_animation_the_first_picture_is_kept():
    frames = [scene(), Image.new("RGB", (640, 480), "black")]
    for kind in ("WEBP", "PNG"):
        moving = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        assert near(read_picture(upload(moving)).image.getpixel((5, 5)), RED)


def test_two_pictures_in_one_jpeg_are_its_first():
    double = encoded(scene(), "MPO", save_all=True, append_images=[scene()])
    assert read_picture(upload(double)).image.size == (640, 480)


def test_the_name_says_nothing():
    assert read_picture(upload(encoded(scene(), "PNG"), "台账.xlsx")).image.size == (640, 480)


def test_what_hangs_behind_the_pixels_stays_behind():
    polyglot = jpeg() + b"PK\x03\x04 <html><script>alert(1)</script>"
    assert b"script" not in read_picture(upload(polyglot)).encoded().content


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b"<svg onload=alert(1)>", "SVG"),
        (b"\xef\xbb\xbf \n<!DOCTYPE html><title>x</title>", "网页"),
        (b"<script>alert(1)</script>", "网页"),
        (b"GIF89a/*\x00\x00*/=1;alert(1)//" + b"\x00" * 64, "GIF"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "MP4"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04...", "ZIP"),
        (b"BM" + b"\x00" * 64, "BMP"),
        (b"II*\x00" + b"\x00" * 64, "TIFF"),
        (b"hello", "不是照片"),
        (b"\x00" * 1000, "不是照片"),
    ],
)
def test_what_is_no_photo_is_told_what_it_is(content, word):
    assert word in refusal(content)


def test_sixty_megabytes_are_refused_before_a_byte_is_read(settings):
    heavy = Sized()
    heavy.size = 60 * 1024 * 1024
    with pytest.raises(Refused) as told:
        read_picture(heavy)
    assert "60 MB" in str(told.value.message)
    assert "32 MB" in str(told.value.message)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_short_is_refused(kind, share):
    whole = encoded(scene(), kind)
    assert "损坏" in refusal(whole[: int(len(whole) * share)])


def test_a_header_without_a_picture_is_damage():
    for mark in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBPVP8 "):
        assert "损坏" in refusal(mark + b"\x00" * 400)


@pytest.mark.parametrize("size", [(60_000, 60_000), (30_000, 1_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_unpacks_to_too_much_is_never_unpacked(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("unpacked"))
    assert refusal(bomb_png(*size)).startswith(("照片有", "照片损坏"))


@pytest.mark.parametrize("size", [(1, 50_000), (50_000, 1), (8, 8), (16, 400)])
def test_a_line_is_no_picture(size):
    assert "看不出" in refusal(encoded(Image.new("L", size), "PNG"))


def test_words_are_english_where_the_person_reads_english():
    from django.utils.translation import override

    with override("en"):
        assert refusal(b"<svg/>") == "This is an SVG drawing, not a photo. Take one with the camera."


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(6))
def test_whatever_bytes_arrive_the_answer_is_a_picture_or_words(seed):
    """Photos with bytes changed, lost and added, as bad storage and malice leave them."""
    chance = random.Random(seed)
    whole = [encoded(scene(120, 90), kind, exif=camera_exif(orientation=6)) for kind in ("JPEG", "PNG", "WEBP", "MPO")]
    for _try in range(150):
        content = bytearray(chance.choice(whole))
        for _change in range(chance.choice([1, 2, 5, 20])):
            place = chance.randrange(min(len(content), chance.choice([100, 400, len(content)])))
            content[place : place + chance.choice([0, 1, 1, 1, 12])] = chance.randbytes(chance.choice([0, 1, 1, 1, 6]))
        try:
            picture = read_picture(upload(bytes(content)))
        except Refused:
            continue
        assert picture.encoded().width == picture.image.width
