"""Codes of the field and their check digits (standards CO-02 … CO-09) and the short codes on labels."""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_10

SCHOOL_TYPES = {
    "11": "幼儿园",
    "21": "小学",
    "22": "成人小学",
    "31": "初中",
    "32": "职业初中",
    "33": "成人初中",
    "34": "高中",
    "35": "成人高中",
    "36": "中职",
    "37": "工读",
    "41": "高校",
    "42": "成人高校",
    "51": "特殊教育",
    "91": "科研机构",
    "92": "民办其他高教",
    "93": "中职培训",
}
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 66 71 81 82".split()
)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LABEL_CODE_BITS = 80


@dataclass(frozen=True)
class SchoolCode:
    """The parts of a 10-digit school code (CO-02): type, province, serial; it has no check digit."""

    type_code: str
    province: str
    serial: str

    @property
    def type_name(self) -> str:
        """The kind of school in Chinese."""
        return SCHOOL_TYPES[self.type_code]


def read_school_code(text: str) -> SchoolCode:
    """The parts of a school code. Raises ValueError saying which part is wrong."""
    if len(text) != 10 or not text.isascii() or not text.isdigit():
        raise ValueError("length")
    if text[:2] not in SCHOOL_TYPES:
        raise ValueError("type")
    if text[2:4] not in PROVINCES:
        raise ValueError("province")
    return SchoolCode(text[:2], text[2:4], text[4:])


def is_credit_code(text: str) -> bool:
    """Whether an 18-character unified social credit code (CO-03, GB 32100-2015) is well formed."""
    return bool(uscc.is_valid(text))


def is_food_licence(text: str) -> bool:
    """Whether a food business licence number (CO-07: JY, 14 digits, the last by ISO 7064 MOD 11,10) is well formed."""
    digits = text.strip().upper().removeprefix("JY")
    return len(digits) == 14 and text.strip().upper().startswith("JY") and bool(mod_11_10.is_valid(digits))


def licence_check_digit(body: str) -> str:
    """The last digit of a food licence number (CO-07, CO-08) after the 13 digits before it: ISO 7064 MOD 11,10."""
    return str(mod_11_10.calc_check_digit(body))


def credit_code_check(body: str) -> str:
    """The 18th character of a social credit code after the 17 before it (CO-03)."""
    return str(uscc.calc_check_digit(body))


def organisation_code_check(body: str) -> str:
    """The check character of an organisation code after its eight characters (CO-04, GB 11714)."""
    total = sum(weight * int(char, 36) for weight, char in zip((3, 7, 9, 10, 5, 8, 4, 2), body, strict=True))
    return "0X987654321"[total % 11]


def is_identity_number(text: str) -> bool:
    """Whether this is a citizen's identity number (CO-05), which is never collected."""
    return bool(ric.is_valid(text.strip()))


def label_code() -> str:
    """A new 80-bit code for a label, 16 characters of Crockford's base 32."""
    number = secrets.randbits(LABEL_CODE_BITS)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(LABEL_CODE_BITS - 5, -1, -5))


def read_label_code(text: str) -> str:
    """The code in what was typed or scanned, with its groups, its address or O for 0; empty when there is none."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    plain = re.sub(r"^.*/Q/", "", plain).strip("/")
    plain = re.sub(r"[\s\-–—]", "", plain).translate(str.maketrans("OIL", "011"))
    return plain if len(plain) == LABEL_CODE_BITS // 5 and set(plain) <= set(_CROCKFORD) else ""


def write_label_code(code: str) -> str:
    """A code in groups of four, as it is read off a label and typed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
