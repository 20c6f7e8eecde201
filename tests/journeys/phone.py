"""One of the cast at a phone that loses its network and gets it back."""

from contextlib import suppress
from typing import Any

from playwright.sync_api import Error

from tests.journeys.conftest import GIVE_UP
from tests.journeys.visitor import Visitor

KEPT_ONE = "async (path) => Boolean(await caches.match(path)) && Boolean(await caches.match('/static/ui/houqin.css'))"
ALL_SENT = "async () => (await houqinEntries.all()).every((one) => one.state === 'sent')"
ENTRIES = "async () => (await houqinEntries.all()).map(({ title, state, message }) => ({ title, state, message }))"


def until(page: Any, script: str, argument: Any = None) -> None:
    """Ask again until the script's promise says yes."""
    for _ in range(GIVE_UP // 100):
        with suppress(Error):  # the page may just give way to another
            if page.evaluate(script, argument):
                return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.url}: {script}: {page.content()[:2000]}")


class Phone(Visitor):
    """A phone that has seen Today, and keeps what it needs."""

    def __init__(self, page: Any, address: str, name: str) -> None:
        super().__init__(page, address, name)
        self.keeps("/offline/")

    def cut(self) -> None:
        """The network is gone."""
        self.page.context.set_offline(True)

    def restore(self) -> None:
        """The network is back."""
        self.page.context.set_offline(False)

    def keeps(self, path: str) -> None:
        """Waits until the phone holds a copy of the page, and the look of it."""
        until(self.page, KEPT_ONE, path)

    def reopened(self, path: str) -> None:
        """The tab is closed, another is opened."""
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.page.goto(self.address + path)

    def entries(self) -> list[dict[str, str]]:
        """What the phone holds of what was entered."""
        found: list[dict[str, str]] = self.page.evaluate(ENTRIES)
        return found

    def waits_for_state(self, state: str) -> None:
        """Until the page of what waits shows an entry in this state."""
        self.page.wait_for_selector(f".waiting-list .state-{state}")

    def save(self) -> None:
        """Press the button at the foot of an entry page; where that leads depends on the network."""
        self.page.locator(".entry-foot button").click()
