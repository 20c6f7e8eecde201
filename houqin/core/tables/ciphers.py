"""What leaves as an opaque word and comes back, and what is kept but not in the open: enciphered with the server's secret.

Words are made under the key of today and read under it or a former one (``SECRET_KEY_FALLBACKS``). What is kept is declared, as a
column of its own (``EncipheredField``) or as names in a library's JSON (``keeps``), so that a new key reaches every one of them.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models

BEGINS = "gAAAA"
"""Every word does (Fernet: version 0x80, then a time of eight bytes)."""


def enciphered(text: str, *, use: str) -> str:
    """The text as an opaque word, for one use only."""
    return _cipher(use, settings.SECRET_KEY).encrypt(text.encode()).decode()


def deciphered(word: str, *, use: str) -> str | None:
    """The text behind a word; None when it was not made here for this use."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        text = _read(word, use, key)
        if text is not None:
            return text
    return None


def renewed(word: str, *, use: str) -> str | None:
    """The same under the key of today: the word itself where it is so already; None when no key reads it."""
    if _read(word, use, settings.SECRET_KEY) is not None:
        return word
    text = deciphered(word, use=use)
    return None if text is None else enciphered(text, use=use)


def _read(word: str, use: str, key: str) -> str | None:
    try:
        return _cipher(use, key).decrypt(word.encode()).decode()
    except (InvalidToken, UnicodeError):
        return None


def _cipher(use: str, key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"{use}|{key}".encode()).digest()))


class EncipheredField(models.CharField[Any, Any]):
    """A column of words, made by ``enciphered`` for this ``use``; a text that is none is not written.

    The program reads words too, so that neither a list nor a copy of its rows lays the text open. To the database it is a plain
    column.
    """

    def __init__(self, *args: Any, use: str, **options: Any) -> None:
        self.use = use
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """For migrations: a plain column."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def clone(self) -> "EncipheredField":
        """The same with its use."""
        _name, _path, args, options = self.deconstruct()
        return type(self)(*args, use=self.use, **options)

    def get_prep_value(self, value: Any) -> Any:
        """Nothing but words."""
        word = super().get_prep_value(value)
        if word and not word.startswith(BEGINS):
            raise ValueError(f"{self} holds words of enciphered(), and this is none")
        return word


@dataclass(frozen=True)
class Words:
    """Where words of one use lie: a column, or under these ``names`` in a column of JSON (a word, or a list of them)."""

    model: Any
    column: str
    use: str
    names: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """The table and its column."""
        return f"{self.model._meta.label_lower}.{self.column}"

    def survey(self) -> Iterator[tuple[Any, bool, bool]]:
        """Every row: its key, whether a word of it lies under a former key of the server, whether all of them were read."""
        for key, value in self.model._base_manager.values_list("pk", self.column).iterator():
            made, whole = self.renewed(value)
            yield key, made != value, whole

    def renewed(self, value: Any) -> tuple[Any, bool]:
        """What a row holds there, under the key of today; and whether every word of it was read. One that was not stays."""
        if not self.names:
            return self._renewed_word(value)
        found, whole = dict(value), True
        for name in self.names & found.keys():
            words = found[name] if isinstance(found[name], list) else [found[name]]
            pairs = [self._renewed_word(word) for word in words]
            found[name] = [word for word, _read in pairs] if isinstance(found[name], list) else pairs[0][0]
            whole = whole and all(read for _word, read in pairs)
        return found, whole

    def _renewed_word(self, word: str) -> tuple[str, bool]:
        made = renewed(word, use=self.use) if word else word
        return (word, False) if made is None else (made, True)


_kept: list[Words] = []


def keeps(model: Any, column: str, *, use: str, names: frozenset[str]) -> None:
    """Register words under these names in the JSON of a library's table."""
    _kept.append(Words(model, column, use, names))


def kept_words() -> Iterator[Words]:
    """Every place in the database where words lie."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncipheredField):
                yield Words(model, field.name, field.use)
    yield from _kept
