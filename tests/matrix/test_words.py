"""What a screen says of itself is Chinese in Chinese: headings, filters, saved views, deeds."""

import re
from collections.abc import Iterator

import pytest
from django.http import QueryDict
from django.utils import translation

from houqin.core.audit.trail import EVENT_TITLES
from houqin.core.scope.viewer import system_viewer
from houqin.ui import nav
from houqin.ui.screens import Facts, Rows, Screen
from houqin.ui.screens.filters import filterset
from houqin.ui.screens.links import column_for
from tests.matrix.test_doors import SCREENS

HAN = re.compile(r"[\u4e00-\u9fff]")


def said_by(name: str, screen: type[Screen]) -> Iterator[tuple[str, str]]:
    """Where a word of a screen stands, and the word."""
    model = screen.model
    facts = [one for panel in screen.panels if isinstance(panel, Facts) for one in panel.columns]
    columns = [column_for(model, one) if isinstance(one, str) else one for one in [*screen.columns, *facts]]
    yield name, str(screen.title)
    yield from ((f"{name} column {column.name}", column.label(model)) for column in columns)
    yield from ((f"{name} saved view", str(label)) for label, _condition in screen.views.values())
    yield from ((f"{name} deed {action.slug}", str(action.label)) for action in screen.actions)
    yield from ((f"{name} panel", str(one.title)) for one in screen.panels if isinstance(one, Rows) and one.title)
    form = filterset(screen.filters, QueryDict(), model.objects.none(), system_viewer()).form
    yield from ((f"{name} filter {key}", str(field.label)) for key, field in form.fields.items())


def said() -> Iterator[tuple[str, str]]:
    """All that screens, navigation and trail say of themselves."""
    for name, screen in SCREENS.items():
        yield from said_by(name, screen)
    for item in nav.allowed(system_viewer()):
        yield item.url_name, str(item.title)
    for event, title in EVENT_TITLES.items():
        yield f"event {event}", str(title)


@pytest.mark.django_db
def test_screens_speak_chinese() -> None:
    with translation.override("zh-hans"):
        foreign = [f"{where}: {word!r}" for where, word in said() if not HAN.search(word)]
    assert foreign == []
