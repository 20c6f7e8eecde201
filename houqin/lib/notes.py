"""A sentence for people, made where there is no translation machinery: an English msgid and its parameters.

Pure code (units, dates, reading sheets) must say what is wrong in the reader's language without importing
Django. It says it as a `Note`; the page or command that shows it calls `note.in_words(gettext)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def mark(message: str) -> str:
    """Mark a msgid for translation; import it ``as _`` so that the extractor sees it."""
    return message


def _same(message: str) -> str:
    return message


@dataclass(frozen=True)
class Note:
    """One sentence: `text` is a msgid with %(name)s places, `code` groups equal notes in a list."""

    code: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def in_words(self, translate: Callable[[str], str] = _same) -> str:
        """The sentence in the language of `translate` (English without one)."""
        told = {
            name: value.in_words(translate) if isinstance(value, Note) else value for name, value in self.params.items()
        }
        return translate(self.text) % told if told else translate(self.text)

    def as_json(self) -> dict[str, Any]:
        """For a JSON column; `Note.from_json` reads it back."""
        params = {
            name: {"note": value.as_json()} if isinstance(value, Note) else str(value)
            for name, value in self.params.items()
        }
        return {"code": self.code, "text": self.text, "params": params}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Note:
        """The note that `as_json` wrote."""
        params = {
            name: cls.from_json(value["note"]) if isinstance(value, dict) else value
            for name, value in told.get("params", {}).items()
        }
        return cls(code=told["code"], text=told["text"], params=params)

    def __str__(self) -> str:
        return self.in_words()


class Unreadable(ValueError):
    """A cell or file whose content cannot be used; carries the sentence that says why and what to do."""

    def __init__(self, note: Note) -> None:
        super().__init__(str(note))
        self.note = note


def unreadable(code: str, text: str, /, **params: Any) -> Unreadable:
    """Shorthand for raising: ``raise unreadable("no-number", _("…%(text)s…"), text=cell)``."""
    return Unreadable(Note(code, text, params))
