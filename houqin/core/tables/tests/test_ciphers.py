"""What is kept under the server's secret is read under a former one, enciphered anew, and declared where it lies."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.db.models import CharField

from houqin.core.tables.ciphers import BEGINS, EncipheredField, Words, deciphered, enciphered, kept_words, renewed

ROOT = Path(__file__).resolve().parents[4] / "houqin"
CALLERS = {
    "core/people/adapters.py": "allauth's table, declared in core/people/beside.py",
    "edge/api/actions/webhooks.py": "Webhook.secret, an EncipheredField",
    "edge/api/paging.py": "cursors: handed out and read back within the hour, kept nowhere",
}


@pytest.fixture
def former(settings: Any) -> str:
    """A word of the key before; the settings name the new one and it."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "before", []
    word = enciphered("密", use="a")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "after", ["other", "before"]
    return word


def test_a_word_is_read_for_its_use_under_the_key_of_today_or_a_former_one(former: str, settings: Any) -> None:
    assert (deciphered(former, use="a"), deciphered(former, use="b")) == ("密", None)
    settings.SECRET_KEY_FALLBACKS = []
    assert deciphered(former, use="a") is None


def test_it_is_renewed_once_and_a_word_that_no_key_reads_stays_unread(former: str, settings: Any) -> None:
    word = renewed(former, use="a")
    assert word is not None
    assert word not in {former, "密"}
    assert renewed(word, use="a") == word
    settings.SECRET_KEY_FALLBACKS = []
    assert deciphered(word, use="a") == "密"
    assert renewed(former, use="a") is None


def test_names_in_json_are_renewed_each_and_the_rest_is_left_alone(former: str) -> None:
    words = Words(None, "data", "a", frozenset({"seed", "codes"}))
    made, whole = words.renewed({"seed": former, "codes": [former, "gone"], "mask": 3})
    assert not whole
    assert (made["codes"][1], made["mask"]) == ("gone", 3)
    assert deciphered(made["seed"], use="a") == deciphered(made["codes"][0], use="a") == "密"
    assert words.renewed({"mask": 3}) == ({"mask": 3}, True)


def test_a_column_of_words_takes_nothing_else_and_is_a_plain_one_to_the_database() -> None:
    field = EncipheredField(max_length=500, use="a")
    assert field.get_prep_value(word := enciphered("x", use="a")) == word
    assert word.startswith(BEGINS)
    assert field.get_prep_value("") == ""
    with pytest.raises(ValueError, match="enciphered"):
        field.get_prep_value("plain")
    assert field.deconstruct()[1:] == CharField(max_length=500).deconstruct()[1:]
    assert field.clone().use == "a"


def test_what_lies_in_the_database_is_declared() -> None:
    assert {(words.label, words.use) for words in kept_words()} == {
        ("api.webhook.secret", "webhook"), ("mfa.authenticator.data", "second factor"),
    }  # fmt: skip


def test_whoever_enciphers_is_known() -> None:
    """A further one keeps its words in an EncipheredField, or declares where they lie, so that a new key reaches them."""
    calling = set()
    for path in ROOT.rglob("*.py"):
        if "tests" in path.parts or path.name == "ciphers.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("enciphered"):
                calling.add(path.relative_to(ROOT).as_posix())
    assert calling == CALLERS.keys()
