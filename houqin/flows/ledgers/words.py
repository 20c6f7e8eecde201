"""Limits, doubts and findings as people read them."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from houqin.core.catalogues.citing import cited
from houqin.flows.ledgers.columns import Column, Limit, Lines
from houqin.flows.ledgers.rules.judging import Doubt, Finding
from houqin.flows.ledgers.values import figure, in_words, with_unit
from houqin.ui import formats

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


def source_in_words(limit: Limit) -> str:
    """The document and its clause."""
    return cited(limit.source, limit.clause)


def wanted(finding: Finding) -> str:
    """What the value should have been."""
    if finding.limit is not None:
        return limit_in_words(finding.limit, finding.column)
    if finding.column.kind == "yes_no":
        return in_words(finding.column, finding.column.expects, language())
    right = [one for one in finding.column.choices if not one.breach]
    return formats.listed(one.zh if language().startswith("zh") else one.en for one in right)


def found(finding: Finding) -> str:
    """The value as it stands in lists; what is personal is not repeated there."""
    return HIDDEN if finding.column.personal else in_words(finding.column, finding.value, language())


def doubt_in_words(doubt: Doubt, lines: Lines | None = None) -> str:
    """Core temperature 780 °C: is that right? Probably 78 °C was meant."""
    value = with_unit(doubt.column, figure(doubt.column, doubt.value))
    told = _("%(what)s: %(value)s is hardly possible.") % {
        "what": title_of(doubt.key, doubt.column, lines),
        "value": value,
    }
    if doubt.suggestion is None:
        return f"{told} {_('Read it again, and confirm it if it is right.')}"
    meant = with_unit(doubt.column, figure(doubt.column, doubt.suggestion))
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
