"""What nobody sends by mistake: numbers beyond every column, half characters, texts that make slow patterns slow."""

from datetime import date
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

LONG = 20_000
NASTY = (
    "", " ", "\x00", "a\x00b", "\x1b[31m", "\r\nSet-Cookie: a=b", "%", "_", "\\", "'", "\"", "';--", "${7*7}", "{{7*7}}", "{% load x %}",
    "<script>alert(1)</script>", "\" onmouseover=alert(1) x=\"", "javascript:alert(1)", "//evil.example", "https://evil.example/",
    "../../../etc/passwd", "..\\..\\windows\\win.ini", "CON", "file:///etc/passwd",
    "-1", "0", "1", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 400, "9" * 5_000,
    "1e400", "-1e400", "1e-400", "NaN", "Infinity", "-0", "0x10", "1_000", "1,000", "１２", "²", "٣", "½", "三", "0.1" + "0" * 300 + "1",
    "0001-01-01", "9999-12-31", "0000-00-00", "10000-01-01", "-0001-01-01", "2024-02-30", "2024-13", "0001-01", "9999-12", "0000-00",
    "2024-W53", "2024", "0", "99999", "99:99", "24:00", "0001-01-01T00:00", "9999-12-31T23:59:59.999999+14:00", "2024-03-31T02:30",
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{12345678123456781234567812345678}",
    "null", "true", "[]", "{}", "[[[]]]", "[" * LONG, "{\"a\":" * 5_000, "\"\\ud800\"", "{\"\\u0000\":\"\\udfff\"}",
    "a" * LONG, "a" * LONG + "!", " " * LONG + "x", "0" * LONG, "，" * LONG, "1." * 5_000, "(" * 5_000, "a@" * 5_000, "-" * LONG,
    "\u202eabc", "\ufeff", "\u200b", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "é" * 3, "a" + "\u0301" * 5_000, "ﷺ" * 500, "İ", "ß", "ſ",
    "*", "?", "&", "#", "%00", "%ff", "+", "=1+1", "@SUM(A1)", "__class__", "pk", "id", "-id", "?", "org__path", "password",
)  # fmt: skip
RAW = ("%ED%A0%80", "%FF%FE", "%00", "%C0%AF", "%", "%E4%B8")
"""Bytes that are no text, as they stand in an address."""


def texts() -> st.SearchStrategy[str]:
    """One value, mostly from the list of what has broken programs before."""
    return st.one_of(
        st.sampled_from(NASTY),
        st.text(max_size=40),
        st.integers().map(str),
        st.floats().map(str),
        st.dates(min_value=date(1, 1, 1)).map(str),
        st.uuids().map(str),
        st.tuples(st.sampled_from(NASTY), st.sampled_from(NASTY)).map("".join),
    )


def values() -> st.SearchStrategy[list[str]]:
    """The values of one name: seldom none, seldom many."""
    return st.lists(texts(), min_size=1, max_size=3)


def query(names: list[str]) -> st.SearchStrategy[str]:
    """A query string with some of the names that a page reads, and one that it does not."""
    given = st.one_of(
        st.dictionaries(st.sampled_from([*names, "x"]), values(), min_size=1, max_size=3),
        texts().map(lambda one: {name: [one] for name in names}),
    )
    raw = st.tuples(st.sampled_from([*names, "x"]), st.sampled_from(RAW)).map("=".join)
    return st.one_of(given.map(_written), given.map(_written), raw)


def _written(given: dict[str, list[str]]) -> str:
    pairs = [(name, one) for name, several in given.items() for one in several]
    return "&".join(f"{_quoted(name)}={_quoted(one)}" for name, one in pairs)


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def entries(usual: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The entries of a form as it stands with some of them spoilt, or with all of them."""
    names = sorted(usual) or ["x"]
    some = st.dictionaries(st.sampled_from(names), values(), min_size=1, max_size=3)
    every = texts().map(lambda one: {name: [one] for name in names})
    return st.one_of(some, some, every).map(lambda spoilt: {**usual, **spoilt})
