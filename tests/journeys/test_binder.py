"""What leaves the school: the month sheet on paper and as a sheet, the superior's file, the public page, the year's binder."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.jobs import progress
from houqin.core.policies.actions import set_policy
from houqin.flows.ledgers.actions import record_entry
from houqin.flows.ledgers.policies import PUBLISH
from houqin.flows.seals import keys
from houqin.flows.seals.actions import make_checkpoints
from houqin.flows.seals.models import Binder
from houqin.flows.seals.standalone.verify import sha
from tests.jobs import run_jobs
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Reader, Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
# Begun at an hour that has passed whenever the test runs.
CLEAN: dict[str, Any] = {
    "items": ["trays", "bowls"], "quantity": 320, "method": "steam", "temperature": 1020, "began": "00:00", "minutes": 15,
    "stored": True,
}  # fmt: skip
WASHED = "tableware-disinfection"


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> World:
    """A school that washed up for two days, whose town publishes the canteen's ledgers and holds a checkpoint."""
    settings.VAR = tmp_path / "var"
    world = make_world()
    load_catalogues(by=world.system)
    for days in (1, 0):
        by = world.viewer("an", now=timezone.now() - timedelta(days=days))
        record_entry(world.school_a, by=by, ledger=WASHED, slot="lunch", values=CLEAN | {"quantity": 320 + days})
    reason = {"value": True, "reason": "阳光食堂"}
    set_policy(world.town, by=world.viewer("bo", timezone.now()), code=PUBLISH["canteen"], **reason)
    make_checkpoints(by=world.system)
    return world


@pytest.mark.parametrize(("width", "language"), [(DESKTOP, "zh-CN"), (PHONE, "en")])
def test_what_was_written_goes_out_and_proves_itself(
    world: World, live_server: Any, open_page: OpenPage, tmp_path: Path, width: int, language: str
) -> None:
    gao = Visitor(open_page(width=width, language=language), live_server.url, "gao")
    the_month_is_printed_and_taken_as_a_sheet(gao, tmp_path)
    the_superiors_file_is_taken(gao, tmp_path)
    anyone_reads_the_extract(world, Reader(open_page(width=width, language=language), live_server.url))
    folder = the_binder_is_put_together(gao, tmp_path)
    it_proves_itself_with_the_public_key_alone(folder)


def the_month_is_printed_and_taken_as_a_sheet(gao: Visitor, to: Path) -> None:
    page = gao.page
    gao.visit("/ledgers/")
    page.locator(f"a[href*='/ledgers/months/{WASHED}/']:visible").first.click()
    expect(page.locator("table").first, "the temperature as it was read").to_contain_text("102", use_inner_text=True)
    gao.is_sound()
    address = page.url
    gao.shown("details:has(a[href*='excel']) > summary").click()
    with page.expect_download() as download:
        page.locator("a[href*='excel']:visible").click()
    sheet = taken(download.value, to / "month.xlsx")
    rows = CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()
    assert [row for row in rows if 102.0 in row and 320.0 in row]
    page.goto(address)
    gao.shown("details:has(a[href*='excel']) > summary").click()
    page.locator("a[href*='print']:visible").click()
    page.emulate_media(media="print")
    expect(page.locator(".sheet-sign")).to_be_visible()
    expect(page.locator("table")).to_be_visible()
    expect(page.locator("button:visible, nav:visible"), "only the form is printed").to_have_count(0)
    page.emulate_media(media="screen")


def the_superiors_file_is_taken(gao: Visitor, to: Path) -> None:
    gao.visit("/ledgers/uploads/")
    gao.is_sound()
    with gao.page.expect_download() as download:
        gao.page.locator("a[href*='example-tableware']").click()
    text = taken(download.value, to / "upload.csv").read_text("gb18030")
    assert "320" in text
    assert f"{timezone.localdate():%Y/%m/%d}" in text


def taken(download: Any, to: Path) -> Path:
    """The file that was downloaded, where the test reads it."""
    download.save_as(to)
    return to


def anyone_reads_the_extract(world: World, reader: Reader) -> None:
    assert reader.visit(f"/ledgers/public/{world.school_a.public_id}/") == 200
    reader.is_sound()
    told = reader.page.inner_text("main")
    assert "320" in told or "102" in told
    assert world.an.display_name not in told
    assert world.an.display_name[0] + "*" not in told, "not even masked"
    assert reader.visit(f"/ledgers/public/{world.town.public_id}/") == 404


def the_binder_is_put_together(gao: Visitor, to: Path) -> Path:
    """Asked for, seen to grow, taken home."""
    page = gao.page
    gao.visit("/ledgers/binders/new/")
    gao.is_sound()
    page.locator(".entry-foot .btn-primary").click()
    page.wait_for_selector("#step")
    binder = Binder.objects.get()
    progress.report(binder.progress_key, 1, 4)
    page.wait_for_selector("#step progress[value='1']")
    expect(page.locator("#step").first).to_contain_text("25 %", use_inner_text=True)
    gao.is_sound()
    run_jobs()
    page.wait_for_selector("form[action$='/take/'] .btn-primary")
    gao.is_sound()
    with page.expect_download() as download:
        page.locator("form[action$='/take/'] .btn-primary").click()
    with zipfile.ZipFile(taken(download.value, to / "binder.zip")) as pack:
        pack.extractall(to / "binder")
    return to / "binder"


def it_proves_itself_with_the_public_key_alone(folder: Path) -> None:
    """In a Python that knows nothing of Houqin; then with one byte changed."""
    code, told = verified(folder)
    assert code == 0, told
    entries = folder / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"1020", b"1021", 1))
    code, told = verified(folder)
    assert code == 1, told
    assert "entries.jsonl" in told, "the file is named"
    assert "1" in told


def verified(folder: Path) -> tuple[int, str]:
    key = sha(next(iter(keys.trusted()))).hex()
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), str(folder), "--key", key],
        capture_output=True, text=True, check=False, cwd=folder, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr
