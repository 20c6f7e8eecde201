"""What must not stand in a log: passwords, keys and tokens, and whatever tells of a person.

What people type is Chinese, long numbers and e-mail addresses; what the program says is English. So these go wherever they stand, also
inside the messages of databases and libraries that quote the value they stumble over.
"""

import re

HIDDEN = "…"
_NAMES = r"password\w*|passwd|pwd|oldpassword|secret\w*|token|api_?key|authorization|cookie|sessionid|csrf\w*|pin|code|otp|key"
_PATTERNS = [
    # a name and its value, as in a query, a form, JSON, a header or a Python dictionary
    (re.compile(rf"""(?i)(["']?\b(?:{_NAMES})["']?\s*[=:]\s*(?:bearer\s+|basic\s+)?)(\[?["'][^"']*["']\]?|[^\s&,;}}]+)"""), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    # user:password@ in an address
    (re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"), HIDDEN),
    # the links that open an account: /accounts/password/reset/key/1-abc…/
    (re.compile(r"(?<=/reset/key/)[^\s/]+"), HIDDEN),
    (re.compile(
        r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]+"  # Chinese text, names above all
        r"|(?:%[0-9A-Fa-f]{2}){3,}"  # the same inside an address
        r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
        r"|(?<![\dA-Za-z])(?:\+?86[- ]?)?1[3-9]\d{9}(?![\dA-Za-z])"  # a mobile telephone
        r"|(?<![\dA-Za-z])[1-9]\d{16}[\dXx](?![\dA-Za-z])"  # an identity number, also in the name of a file
        r"|(?<![\dA-Za-z-])\+?\d{11,18}[Xx]?(?![\dA-Za-z-])"  # telephone and card numbers, but no part of a UUID
    ), HIDDEN),
]  # fmt: skip
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|(?<==)\([^)]*\)|(?<=contains )\(.*\)")


def redacted(text: str) -> str:
    """The text without them; what stands around them stays, so that a fault can still be found."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def redacted_trace(text: str) -> str:
    """A traceback: where it went wrong stays, the values that its last lines quote do not."""
    lines = text.splitlines()
    return redacted("\n".join(line if line.startswith("  ") else _QUOTED.sub(HIDDEN, line) for line in lines))
