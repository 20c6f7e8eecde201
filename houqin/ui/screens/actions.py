"""Buttons: each calls one verb, exists only where it is permitted, and only while it is possible."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.functional import Promise

from houqin.core.scope.viewer import Viewer
from houqin.ui.screens.look import follow

Text = str | Promise


def _always(row: Any, viewer: Viewer) -> bool:
    return True


def _nothing(row: Any, viewer: Viewer) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Action:
    """One deed on a row (or, as ``create`` of a screen, the deed that makes one).

    ``verb(row, by=viewer, **form.cleaned_data)``; ``shown`` reads only what the row already holds (a list asks it for
    every row). ``irreversible`` asks once more, with ``deed(row)`` as the button's words. ``done`` tells what
    happened, from the verb's answer; ``then`` gives the address to go to. ``aside`` keeps a deed that is no next step
    out of the page's one primary button. ``offline`` lets a phone keep the form and send it when there is a network again;
    ``template`` draws the form its own way (it extends ``ui/form.html``). ``bulk`` offers it for all rows ticked in the list. What
    a ``secret`` deed tells (a first password) is shown once and stored nowhere.
    """

    verb: Callable[..., Any]
    label: Text
    permission: str
    form: type[Form] | None = None
    icon: str = ""
    shown: Callable[[Any, Viewer], bool] = _always
    initial: Callable[[Any, Viewer], dict[str, Any]] = _nothing
    deed: Callable[[Any], Text] | None = None
    done: Callable[[Any], Text] | Text = ""
    then: Callable[[Any], str] | None = None
    name: str = ""
    irreversible: bool = False
    danger: bool = False
    secret: bool = False
    aside: bool = False
    on_list: bool = False
    bulk: bool = False
    offline: bool = False
    template: str = "ui/form.html"
    help: Text = ""

    @property
    def slug(self) -> str:
        """Its part of the address."""
        return self.name or self.verb.__name__.replace("_", "-")

    @property
    def many(self) -> str:
        """Its part of the name of the address for several rows."""
        return f"{self.slug}-many"

    @property
    def asks(self) -> bool:
        """Whether pressing it opens a page first."""
        return self.form is not None or self.irreversible

    def possible(self, row: Any, viewer: Viewer) -> bool:
        """Permitted to this viewer at the row's unit, and possible in the row's present state."""
        path = follow(row, type(row).SCOPE_PATH) or ""
        return viewer.may(self.permission, path) and self.shown(row, viewer)

    def words(self, row: Any) -> Text:
        """The words on the button that does it."""
        return self.deed(row) if self.deed is not None and row is not None else self.label

    def told(self, result: Any) -> str:
        """What to tell when it is done."""
        return str(self.done(result) if callable(self.done) else self.done)


@dataclass(frozen=True)
class Button:
    """One action of one row, ready to be drawn."""

    action: Action
    url: str
    words: Text
