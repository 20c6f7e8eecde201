"""Place, time and person stay with the photo, in the letters that the machine has."""

import pytest

from houqin.core.files import fonts, stamps
from houqin.core.files.tests.pictures import scene

WORDS = ("北店中心小学 · 验收", "2024-03-04 12:00 · 安师傅")


@pytest.fixture
def latin_only(monkeypatch):
    monkeypatch.setattr(fonts, "chinese_face", lambda: None)
    monkeypatch.setattr(stamps, "chinese_face", lambda: None)


def changed_from(before, after):
    """The first row that differs."""
    width, height = before.size
    rows = range(height)
    return next(
        y for y in rows if before.crop((0, y, width, y + 1)).tobytes() != after.crop((0, y, width, y + 1)).tobytes()
    )


@pytest.mark.parametrize("size", [(2048, 1536), (1536, 2048), (320, 240), (120, 900), (16, 16)])
def test_the_stamp_lies_at_the_bottom_and_the_picture_above_it_is_untouched(size):
    plain = scene(*size)
    before = plain.copy()
    stamped = stamps.burn(plain, WORDS)
    assert stamped.size == size
    assert plain.tobytes() == before.tobytes()
    assert changed_from(plain, stamped) > size[1] // 2 or size[0] < 200


def test_long_lines_are_set_smaller_and_then_broken_but_never_cut():
    font = fonts.face(stamps.LEAST_SIZE)
    line = "很长的地点名称" * 12
    rows = stamps._wrapped(line, font, 200)
    assert "".join(rows) == line
    assert all(font.getlength(row) <= 200 for row in rows)
    assert stamps._fitting(2048, 60, ("短",)).size == 60
    assert stamps._fitting(400, 60, (line,)).size == stamps.LEAST_SIZE


def test_with_a_chinese_face_the_stamp_says_place_time_and_person(monkeypatch):
    monkeypatch.setattr(stamps, "chinese_face", lambda: ("somewhere", 0))
    assert stamps.stamp_lines("北店 · 验收", "2024-03-04 12:00", "安师傅", "an") == (
        "北店 · 验收",
        "2024-03-04 12:00 · 安师傅",
    )


def test_without_one_it_says_the_time_and_the_account(latin_only):
    lines = stamps.stamp_lines("北店 · 验收", "2024-03-04 12:00", "安师傅", "an")
    assert lines == ("2024-03-04 12:00 · an",)
    plain = scene()
    assert stamps.burn(plain, lines).tobytes() != plain.tobytes()


def test_a_face_without_the_characters_is_passed_over(tmp_path, settings, monkeypatch):
    latin = tmp_path / "NotoSansSC-Regular.ttf"
    latin.write_bytes(fonts.ImageFont.load_default(20).font_bytes)
    (tmp_path / "simhei.ttf").write_bytes(b"not a font")
    monkeypatch.setattr(fonts, "FOLDERS", (str(tmp_path), str(tmp_path / "missing")))
    settings.STAMP_FONT = str(tmp_path / "gone.ttf")
    fonts.chinese_face.cache_clear()
    try:
        assert fonts.chinese_face() is None
    finally:
        fonts.chinese_face.cache_clear()
