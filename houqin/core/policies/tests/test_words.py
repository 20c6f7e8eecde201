"""Values and bounds as a school says them."""

import pytest
from django.utils import translation

from houqin.core.policies.registry import all_policies
from houqin.core.policies.rules import Kind, Value
from houqin.core.policies.words import bounds, in_words


@pytest.mark.parametrize(
    ("kind", "value", "chinese", "english"),
    [
        (Kind.MINUTES, 1, "1 分钟", "1 minute"),
        (Kind.HOURS, 48, "48 小时", "48 hours"),
        (Kind.DAYS, 3, "3 天", "3 days"),
        (Kind.COUNT, 2, "2", "2"),
        (Kind.GRAMS, 125, "125 克", "125 g"),
        (Kind.GRAMS, 50_500, "50.5 公斤", "50.5 kg"),
        (Kind.PERCENT, 95, "95 %", "95 %"),
        (Kind.TEMPERATURE, 725, "72.5 °C", "72.5 °C"),
        (Kind.TEMPERATURE, 700, "70 °C", "70 °C"),
        (Kind.CLOCK, "07:30", "07:30", "07:30"),
        (Kind.SWITCH, False, "关", "off"),
    ],
)
def test_a_value_in_words(kind: Kind, value: Value, chinese: str, english: str) -> None:
    assert in_words(kind, value) == chinese
    with translation.override("en"):
        assert in_words(kind, value) == english


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_says_what_may_be_entered(kind: Kind) -> None:
    assert bounds(kind)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_name_of_a_rule_stands_without_a_colon(language: str) -> None:
    """It stands in a table and on a page of its own; what follows it is another cell."""
    with translation.override(language):
        named = [str(policy.label) for policy in all_policies().values()]
    assert [name for name in named if name.endswith((":", "："))] == []
