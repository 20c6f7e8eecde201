"""Codes of the field (standards appendix T)."""

import pytest

from houqin.lib.codes import is_credit_code, label_code, read_school_code


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
