"""What must not stand in a log: passwords, keys and tokens, and the numbers by which people are known."""

import re

HIDDEN = "[hidden]"
_NAMES = r"password\w*|passwd|pwd|oldpassword|secret\w*|token|api_?key|authorization|cookie|sessionid|csrf\w*|pin|code|otp|key"
_PATTERNS = [
    # a name and its value, as in a query, a form, JSON, a header or a Python dictionary
    (re.compile(rf"""(?i)(["']?\b(?:{_NAMES})["']?\s*[=:]\s*(?:bearer\s+|basic\s+)?)(\[?["'][^"']*["']\]?|[^\s&,;}}]+)"""), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    # 18 digits of a citizen's number, the last may be X; 11 of a mobile telephone
    (re.compile(r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"), HIDDEN),
    (re.compile(r"(?<![\dA-Za-z])(?:\+?86[- ]?)?1[3-9]\d{9}(?![\dA-Za-z])"), HIDDEN),
    # user:password@ in an address
    (re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"), HIDDEN),
    # the links that open an account: /accounts/password/reset/key/1-abc…/
    (re.compile(r"(?<=/reset/key/)[^\s/]+"), HIDDEN),
]  # fmt: skip


def redacted(text: str) -> str:
    """The text without them; what stands around them stays, so that a fault can still be found."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text
