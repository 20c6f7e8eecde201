"""Codes of the field (standards appendix T)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.lib.codes import is_credit_code, label_code, read_label_code, read_school_code, write_label_code


@pytest.mark.parametrize(
    ("text", "type_name", "province"),
    [("2137000001", "小学", "37"), ("5137000002", "特殊教育", "37"), ("1142185925", "幼儿园", "42")],
)
def test_a_school_code_tells_type_and_province(text: str, type_name: str, province: str) -> None:
    code = read_school_code(text)
    assert (code.type_name, code.province, code.serial) == (type_name, province, text[4:])


@pytest.mark.parametrize(
    ("text", "part"),
    [("9937000001", "type"), ("2199000001", "province"), ("213700000", "length"), ("２１37000001", "length")],
)
def test_a_wrong_school_code_says_which_part(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        read_school_code(text)


@pytest.mark.parametrize("text", ["12370303MB10000101", "52370303MJ4900013E", "123703034940000187"])
def test_credit_codes_of_the_standard_pass_and_fail_with_one_character_changed(text: str) -> None:
    assert is_credit_code(text)
    assert not is_credit_code(text[:-1] + ("0" if text[-1] != "0" else "2"))


def test_label_codes_are_sixteen_unambiguous_characters() -> None:
    codes = {label_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 16 and not set(code) & set("ILOU") for code in codes)


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=16, max_size=16))
def test_a_label_code_is_read_back_however_it_was_written_down(code: str) -> None:
    written = write_label_code(code)
    assert len(written) == 19
    sloppy = code.replace("0", "O").replace("1", "l")
    for text in (
        code,
        written,
        f" {written.lower()} ",
        written.replace("-", " "),
        sloppy,
        f"https://x.cn:8000/q/{code}/",
    ):
        assert read_label_code(text) == code


@pytest.mark.parametrize(
    "text", ["", "  ", "7F3K-9Q2M", "7F3K9Q2MX4TA8BCDE", "7F3K9Q2MX4TA8BCU", "六九0123456789AB", "/q/"]
)
def test_what_is_no_label_code_is_none(text: str) -> None:
    assert read_label_code(text) == ""
