"""The pages of this floor alone: what modules registered is put aside, the playground's own is put in."""

import pytest

from houqin.ui import nav, offline, search, today
from houqin.ui.screens import links


@pytest.fixture(autouse=True)
def only_the_playground(monkeypatch):
    monkeypatch.setattr(nav, "_items", {})
    monkeypatch.setattr(today, "_sources", [])
    monkeypatch.setattr(today, "_panels", [])
    monkeypatch.setattr(offline, "_sources", [])
    monkeypatch.setattr(search, "_sources", {})
    for known in list(links.LOCATORS):
        monkeypatch.delitem(links.LOCATORS, known)
    # Only now: declaring its screens registers them, and that must not outlive these tests.
    from houqin.ui.tests import playground

    playground.PersonScreen._announce()
    yield
    links.LOCATORS.pop(playground.PersonScreen.model, None)
