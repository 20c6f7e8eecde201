"""One of the cast at a browser of their own, and anyone at all."""

import os
import time
from typing import Any

from tests.world import PASSWORD

TIMED = os.environ.get("HOUQIN_TIMED") == "1"

GRAVE = {"serious", "critical"}
OVER_THE_SIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > wide + 1 && !one.closest(".wide-table, .chips, .tabs"))
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
}"""


def machine_since(begun: float) -> float:
    """Seconds that the machine took, where they are measured (``benchmarks hands``): a test counts a person's taps and keys."""
    return time.monotonic() - begun if TIMED else 0.0


class Reader:
    """Goes where it is told, and looks whether a page is sound; has no account."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address

    def visit(self, path: str) -> int:
        """Open an address; answers its status."""
        return int(self.page.goto(self.address + path).status)

    def shown(self, selector: str) -> Any:
        """What can be seen of it: a page may hold the same twice, for desk and for phone."""
        return self.page.locator(f"{selector}:visible").first

    def send(self) -> None:
        """Press the button at the foot of an entry page, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator(".entry-foot button").click()

    def fits(self) -> None:
        """Nothing reaches over the side."""
        assert self.page.evaluate(OVER_THE_SIDE) == [], self.page.url

    def is_sound(self) -> None:
        """Nothing reaches over the side, and axe finds no serious fault."""
        from axe_playwright_python.sync_playwright import Axe

        self.fits()
        faults = Axe().run(self.page).response["violations"]
        grave = [
            (fault["id"], [node["html"][:200] for node in fault["nodes"]])
            for fault in faults
            if fault["impact"] in GRAVE
        ]
        assert grave == [], f"{self.page.url}: {grave}"


class Visitor(Reader):
    """Signs in through the page."""

    def __init__(self, page: Any, address: str, name: str, password: str = PASSWORD) -> None:
        super().__init__(page, address)
        page.goto(f"{address}/accounts/login/")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", password)
        page.locator("main form .btn-primary").first.click()
        page.wait_for_url(f"{address}/")
