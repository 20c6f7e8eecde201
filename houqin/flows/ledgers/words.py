"""Limits, doubts and findings as people read them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from houqin.core.catalogues.citing import cited
from houqin.flows.ledgers.columns import Column, Limit, Lines
from houqin.flows.ledgers.definitions import Resolved
from houqin.flows.ledgers.rules.judging import Doubt, Finding, Lacking
from houqin.flows.ledgers.values import figure, in_words, with_unit
from houqin.ui import formats
from houqin.ui.masks import mask_name

HIDDEN = "***"


def language() -> str:
    """The language of whoever reads."""
    return get_language() or "zh-hans"


def limit_in_words(limit: Limit, column: Column) -> str:
    """≤ 8 °C, ≥ 70 °C, 0–8 °C."""
    if limit.min is not None and limit.max is not None:
        return f"{formats.number(limit.min, 3)}–{with_unit(column, limit.max)}"
    if limit.min is not None:
        return f"≥ {with_unit(column, limit.min)}"
    assert limit.max is not None
    return f"≤ {with_unit(column, limit.max)}"


def condition_in_words(limit: Limit, resolved: Resolved) -> str:
    """Under which answers a limit holds: Method: steam. Empty where it holds always."""
    columns = [*resolved.columns, *(resolved.lines.columns if resolved.lines else ())]
    by_code = {column.code: column for column in columns}
    return formats.listed(_answer(by_code[code], wanted) for code, wanted in limit.when.items() if code in by_code)


def _answer(column: Column, wanted: str) -> str:
    value = wanted == "true" if column.kind == "yes_no" else wanted
    return _("%(what)s: %(value)s") % {"what": column.title(language()), "value": in_words(column, value, language())}


def source_in_words(limit: Limit) -> str:
    """The document and its clause."""
    return cited(limit.source, limit.clause)


def wanted(finding: Finding) -> str:
    """What the value should have been."""
    if isinstance(finding, Lacking):
        return finding.paper
    if finding.limit is not None:
        return limit_in_words(finding.limit, finding.column)
    if finding.column.kind == "yes_no":
        return in_words(finding.column, finding.column.expects, language())
    right = [one for one in finding.column.choices if not one.breach]
    return formats.listed(one.zh if language().startswith("zh") else one.en for one in right)


def found(finding: Finding) -> str:
    """The value as it stands in lists; what is personal is not repeated there."""
    return HIDDEN if finding.column.personal else in_words(finding.column, finding.value, language())


def masked(column: Column, value: Any) -> str:
    """A personal value before those it is not for."""
    return mask_name(str(value.get("name", ""))) if column.kind == "person" else HIDDEN


def doubt_in_words(doubt: Doubt, lines: Lines | None = None) -> str:
    """Core temperature 780 °C: is that right? Probably 78 °C was meant."""
    value = with_unit(doubt.column, figure(doubt.column, doubt.value))
    told = _("%(what)s: %(value)s is hardly possible.") % {
        "what": title_of(doubt.key, doubt.column, lines),
        "value": value,
    }
    if not doubt.likely:
        return f"{told} {_('Read it again, and confirm it if it is right.')}"
    meant = with_unit(doubt.column, figure(doubt.column, doubt.likely[0]))
    return f"{told} {_('Was %(meant)s meant? Correct it, or confirm it if it is right.') % {'meant': meant}}"


def doubts_in_words(doubts: Iterable[Doubt], lines: Lines | None = None) -> str:
    """All of them, one sentence after the other."""
    return " ".join(doubt_in_words(doubt, lines) for doubt in doubts)


def title_of(key: str, column: Column, lines: Lines | None = None) -> str:
    """What a value is called: Temperature; line 3 · Temperature."""
    title = column.title(language())
    number, dot, _code = key.rpartition(".")
    if not dot:
        return title
    return _("Line %(number)s · %(what)s") % {"number": int(number) + 1, "what": title}
