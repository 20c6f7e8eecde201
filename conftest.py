"""For all tests, beside the code and under ``tests/``."""

import os
from collections.abc import Generator
from typing import Any

import pytest

# Playwright drives the browser from an event loop; Django then refuses the ORM in that thread unless told otherwise.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
pytest_plugins = ["tests.template", "tests.world"]
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
REQUIRE_BROWSER = os.environ.get("HOUQIN_REQUIRE_BROWSER") == "1"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database", action="store_true",
        help="leave out tests that use no database: the run on the other database has proven them",
    )  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """pytest-django refuses a query to every test that is left out here, so none of them can depend on the database."""
    if config.getoption("only_database"):
        left_out = [one for one in items if not _uses_database(one)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [one for one in items if _uses_database(one)]


def _uses_database(item: pytest.Item) -> bool:
    return bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True)
def _chinese() -> Generator[None, None, None]:
    """Every test begins in the default language, whatever the one before it left active."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _empty_cache() -> Generator[None, None, None]:
    """Lock-outs and counters of one test are not those of the next."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Where a browser is required, a journey that was skipped has failed."""
    report = yield
    if REQUIRE_BROWSER and report.skipped and "journeys" in item.path.parts:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but HOUQIN_REQUIRE_BROWSER=1: {call.excinfo}"
    return report
