"""What the parser says of an entry, in the words of whoever asks; what has no words here is told in general."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS: dict[str, Promise] = {
    "missing": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("There is no such entry here."),
    "enum": gettext_lazy("Choose one of: %(expected)s."),
    "literal_error": gettext_lazy("Choose one of: %(expected)s."),
    "string_too_long": gettext_lazy("Write at most %(max_length)s characters."),
    "string_too_short": gettext_lazy("Write at least %(min_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("This is not written as it has to be."),
    "too_long": gettext_lazy("Send at most %(max_length)s of them."),
    "too_short": gettext_lazy("Send at least %(min_length)s of them."),
    "greater_than_equal": gettext_lazy("This is at least %(ge)s."),
    "greater_than": gettext_lazy("This is more than %(gt)s."),
    "less_than_equal": gettext_lazy("This is at most %(le)s."),
    "less_than": gettext_lazy("This is less than %(lt)s."),
    "timezone_aware": gettext_lazy("Write the time with its zone, such as 2024-03-04T12:00:00+08:00."),
}
KINDS: dict[str, Promise] = {
    "uuid": gettext_lazy("This is not an id."),
    "date": gettext_lazy("Write a day such as 2024-03-04."),
    "datetime": gettext_lazy("Write the time with its zone, such as 2024-03-04T12:00:00+08:00."),
    "int": gettext_lazy("Write a whole number."),
    "float": gettext_lazy("Write a number."),
    "bool": gettext_lazy("Write true or false."),
    "string": gettext_lazy("Write a text."),
    "list": gettext_lazy("Send a list."),
    "dict": gettext_lazy("Send an object."),
    "model": gettext_lazy("Send an object."),
}


def in_words(error: dict[str, Any]) -> str:
    """One mistake of the parser."""
    kind, given = error["type"], error.get("ctx") or {}
    if kind in WORDS:
        return str(WORDS[kind]) % {name: value for name, value in given.items() if isinstance(value, int | float | str)}
    return str(KINDS.get(kind.partition("_")[0]) or _("This is not accepted here."))
