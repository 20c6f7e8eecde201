"""The office hands in a folder, corrects one year by hand, writes, and gets back what could not be read."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from houqin.flows.sheets.models import ImportRun
from houqin.flows.sheets.tests import files
from houqin.modules.canteen.models import DeliveryLine
from tests.world import PASSWORD, make_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEAD = ["日期", "品名", "数量", "单位", "金额", "供应商"]
FULL = ["2024-03-04", "大米", 10, "公斤", 50, "鼎鑫粮油有限公司"]


def write_folder(folder: Path) -> list[str]:
    """A ledger with an alias and a day that does not exist, one without a year, and a Word file."""
    books = {
        "柳河中心小学台账.xlsx": [
            ["柳河中心小学进货台账"],
            HEAD,
            FULL,
            ["2024-03-06", *FULL[1:5], "鼎鑫"],
            ["2月31日", *FULL[1:]],
        ],
        "柳河初中进货.xlsx": [["柳河初级中学进货台账"], HEAD, ["3月4日", *FULL[1:]]],
    }
    for name, rows in books.items():
        (folder / name).write_bytes(files.xlsx({"进货": rows}))
    (folder / "说明.xlsx").write_bytes(files.docx())
    return [str(path) for path in sorted(folder.iterdir())]


def calm(page: "Page") -> None:
    """Nothing sticks out sideways, and axe finds no serious fault."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    found: Any = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_office_imports_a_folder_with_one_correction(
    live_server: Any, open_page: Callable[..., "Page"], tmp_path: Path, width: int, language: str
) -> None:
    world = make_world()
    page = open_page(width=width, language=language)
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", "bo")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    page.wait_for_load_state("load")

    page.goto(f"{live_server.url}/sheets/imports/new/")
    calm(page)
    page.select_option("[name=org]", str(world.town.pk))
    page.set_input_files("[name=sheets]", write_folder(tmp_path))
    page.click(".entry-foot .btn-primary")
    page.wait_for_url("**/imports/*-*/")
    calm(page)
    expect(page.locator("#proposals").first).to_contain_text("鼎鑫粮油有限公司", use_inner_text=True)
    expect(page.locator("#files").first).to_contain_text("说明.xlsx", use_inner_text=True)

    page.locator("#files .sheet-open", has_text="柳河初中").click()
    page.fill("[name=year]", "2023")
    calm(page)
    page.click("#correct .btn-primary")
    page.wait_for_url("**/imports/*-*/")
    page.click(".heading .btn-primary")
    page.wait_for_load_state("load")
    run = ImportRun.objects.get()
    assert DeliveryLine.objects.filter(delivered_on=date(2023, 3, 4)).exists(), "the year corrected by hand"
    assert (run.state, run.result["created"], run.result["rejected"]) == ("done", 3, 1)
    calm(page)

    with page.expect_download() as download:
        page.click(".heading .btn-primary")
    assert download.value.suggested_filename.endswith(".xlsx")
    page.click("#proposals form button")
    page.wait_for_load_state("load")
    assert run.proposals.get(name="鼎鑫").undone_at is not None
