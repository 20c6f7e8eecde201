"""A real browser for the journeys: the machine's Chromium, at phone width and desktop width."""

import os
import shutil
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE, DESKTOP = 390, 1440
GIVE_UP = 60_000  # ms; no claim about speed
HEIGHTS = {PHONE: 844, DESKTOP: 900}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def chromium() -> str | None:
    """The browser's program on this machine."""
    return os.environ.get("HOUQIN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Generator["Browser", None, None]:
    """One browser for the session; without Chromium the journeys are skipped (in CI: failed)."""
    from playwright.sync_api import expect, sync_playwright

    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine (apt install chromium), or name it in HOUQIN_CHROMIUM")
    expect.set_options(timeout=GIVE_UP)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: "Browser") -> Generator[Callable[..., "Page"], None, None]:
    """``open_page(width=390, language="zh-CN")``: a fresh page with its own cookies; scripts' errors fail the test."""
    contexts, errors = [], []

    def make(width: int = DESKTOP, language: str = "zh-CN") -> "Page":
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            locale=language,
            timezone_id="Asia/Shanghai",
            has_touch=width <= PHONE,
        )
        context.set_default_timeout(GIVE_UP)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not errors, errors
