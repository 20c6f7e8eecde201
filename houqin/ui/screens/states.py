"""States: a word with an icon in a tone; the colour only repeats what the word says."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import format_html

from houqin.ui import formats, icons
from houqin.ui.screens.columns import Column, Text
from houqin.ui.screens.look import Look, follow

TONES: Mapping[str, str] = {
    "plain": "circle-dot",
    "info": "info-circle",
    "passed": "circle-check",
    "soon": "clock",
    "danger": "alert-triangle",
    "drill": "school",
    "quiet": "circle-minus",
}


class Badge(Column):
    """A state: a word and an icon in a tone. ``tones`` maps the stored value to plain, info, passed, soon, danger,
    drill or quiet; green (passed) is for what somebody checked, never for all the rest."""

    def __init__(
        self,
        name: str,
        label: Text | None = None,
        *,
        tones: Mapping[Any, str] | None = None,
        tone: Callable[[Any], str] | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("card", "state")
        super().__init__(name, label, **options)
        self.tones, self._tone = tones or {}, tone

    def tone(self, row: Any) -> str:
        """The tone of this row's state."""
        if self._tone is not None:
            return self._tone(row)
        value = follow(row, self.name) if self._value is None else self.raw(row)
        return str(self.tones.get(value, "plain"))

    def html(self, row: Any, look: Look) -> str:
        word = self.text(row, look)
        if word == formats.NOTHING:
            return word
        return badge(word, self.tone(row))


def badge(word: Text, tone: str = "plain", icon: str = "") -> str:
    """A state as a word with its icon; the colour only repeats what the word says."""
    drawing = icons.svg(icon or TONES.get(tone, "circle-dot"))
    return format_html('<span class="state state-{}">{}<span>{}</span></span>', tone, drawing, word)
