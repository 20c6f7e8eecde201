"""Papers of a kitchen: recorded on a phone with a photo, verified by a second person, renewed, on the board, and a town's list."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.files.tests.pictures import jpeg
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.models import Person
from houqin.flows.credentials.models import Credential
from houqin.flows.sheets.models import ImportRun
from houqin.flows.sheets.tests import files
from houqin.lib.codes import licence_check_digit
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
TOWN = Path(__file__).resolve().parents[3] / "shared" / "samples" / "town"
ROSTER, SCHOOLS = TOWN / "食堂从业人员花名册.xlsx", TOWN / "学校基本情况统计表.xlsx"
HEALTH, LICENCE = "health-certificate", "jy-licence"


@pytest.fixture
def world(transactional_db: None) -> World:
    """The school's kitchen has a cook, a cutter and a cleaner."""
    world = make_world()
    load_catalogues(by=world.system)
    lines = [RosterLine("李师傅", "厨师"), RosterLine("王师傅", "切配"), RosterLine("孙师傅", "食堂保洁")]
    record_roster(world.school_a, by=world.system, lines=lines, from_on=timezone.localdate() - timedelta(days=90))
    return world


def test_a_certificate_is_recorded_verified_and_renewed(world: World, live_server: Any, open_page: OpenPage) -> None:
    today = timezone.localdate()
    ends = today + timedelta(days=20)
    an = Visitor(open_page(width=PHONE), live_server.url, "an")
    an.visit("/credentials/papers/new/")
    an.page.select_option("[name=kind]", LICENCE)
    body = "1420600000001"
    right = licence_check_digit(body)
    wrong = str((int(right) + 1) % 10)
    an.page.fill("[name=number]", f"JY{body}{wrong}")
    an.page.fill("[name=issued_on]", (today - timedelta(days=30)).isoformat())
    an.page.locator(".entry-foot button").click()
    told = an.page.locator(".invalid-feedback").first.inner_text()
    assert ("16" in told, right in told) == (True, True), f"which place is wrong, and what belongs there: {told}"
    an.is_sound()

    an.page.select_option("[name=kind]", HEALTH)
    an.page.select_option("[name=person]", label=chosen(an, "李师傅"))
    an.page.fill("[name=number]", "健20260001")
    an.page.fill("[name=issued_on]", (ends - timedelta(days=364)).isoformat())
    an.page.fill("[name=expires_on]", ends.isoformat())
    an.page.set_input_files("[name=photo]", {"name": "证.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    an.page.wait_for_selector(".photo-preview")
    an.send()
    an.page.wait_for_selector(".note-success")
    row = Credential.objects.get(kind=HEALTH)
    assert (row.expires_on, bool(row.photo), row.verified_at) == (ends, True, None)
    an.is_sound()
    expect(an.page.locator("form[action$='verify-credential/']"), "nobody verifies what they wrote").to_have_count(0)

    gao = Visitor(open_page(width=PHONE), live_server.url, "gao")
    gao.visit(f"/credentials/papers/{row.public_id}/")
    with gao.page.expect_navigation():
        gao.page.locator("form[action$='verify-credential/'] button").first.click()
    row.refresh_from_db()
    assert row.verified_by == world.gao

    an.visit(f"/credentials/papers/{row.public_id}/renew-credential/")
    an.page.fill("[name=number]", "健20270001")
    an.page.fill("[name=issued_on]", today.isoformat())
    an.page.set_input_files("[name=photo]", {"name": "证.jpg", "mimeType": "image/jpeg", "buffer": jpeg(320, 240)})
    an.page.wait_for_selector(".photo-preview")
    an.fits()
    an.send()
    an.page.wait_for_selector(".note-success")
    after = Credential.objects.get(renews=row)
    assert after.expires_on is not None
    assert after.expires_on > today + timedelta(days=360), "until when follows from the day of issue"
    gao.visit(f"/credentials/papers/{after.public_id}/")
    expect(gao.page.locator("main").first, "what came before stands on its page").to_contain_text(
        ends.isoformat(), use_inner_text=True
    )
    gao.is_sound()


def chosen(visitor: Visitor, name: str) -> str:
    """How a person is called in the choice."""
    labels = visitor.page.locator("[name=person] option").all_inner_texts()
    return next(label for label in labels if name in label)


@pytest.mark.parametrize(("width", "language"), [(PHONE, "zh-CN"), (DESKTOP, "en")])
def test_the_pages_of_papers_are_sound(
    world: World, live_server: Any, open_page: OpenPage, width: int, language: str
) -> None:
    gao = Visitor(open_page(width=width, language=language), live_server.url, "gao")
    for path in ("papers/", "board/", "posts/", "equipment/"):
        assert gao.visit(f"/credentials/{path}") == 200
        gao.is_sound()
    gao.visit("/canteen/roster/")
    expect(gao.page.locator("main").first).to_contain_text("李师傅", use_inner_text=True)
    gao.is_sound()


def test_a_list_comes_back_with_what_could_not_be_written(
    world: World, live_server: Any, open_page: OpenPage, tmp_path: Path
) -> None:
    today = timezone.localdate()
    head = ["姓名", "证件类别", "编号", "发证日期", "有效期至"]
    rows = [
        ["李师傅", "健康证", "健20260001", f"{today - timedelta(days=300)}", f"{today + timedelta(days=60)}"],
        ["王师傅", "健康证", "健20250002", f"{today - timedelta(days=400)}", f"{today - timedelta(days=40)}"],
        ["查无此人", "健康证", "健20260003", f"{today}", f"{today + timedelta(days=360)}"],
    ]
    sheet = tmp_path / "证照一览.xlsx"
    sheet.write_bytes(files.xlsx({"证照一览": [["柳河中心小学证照一览"], head, *rows]}))
    gao = Visitor(open_page(width=DESKTOP), live_server.url, "gao")
    run = imported(gao, [sheet])
    assert (run.result["created"], run.result["rejected"]) == (2, 1)
    with gao.page.expect_download() as told:
        gao.page.locator(".heading .btn-primary").click()
    book = openpyxl.load_workbook(io.BytesIO(told.value.path().read_bytes()))
    cells = [str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line if cell]
    assert ("查无此人" in cells, "李师傅" in cells) == (True, False), "only what was not written comes back"

    gao.visit("/credentials/board/")
    gao.fits()
    with gao.page.expect_navigation():
        gao.page.locator("a.figure[href*='view=expired']").click()
    expect(gao.page.locator("tr[data-opens]:visible")).to_have_count(1)
    gao.visit("/canteen/roster/")
    gao.fits()
    assert Person.objects.filter(name="查无此人").count() == 0


def imported(visitor: Visitor, sheets: list[Path]) -> ImportRun:
    """Hand in sheets, and write what they say."""
    visitor.visit("/sheets/imports/new/")
    units = visitor.page.locator("[name=org] option")
    if visitor.page.input_value("[name=org]") == "":
        visitor.page.select_option("[name=org]", units.nth(1).get_attribute("value"))
    visitor.page.set_input_files("[name=sheets]", [str(path) for path in sheets])
    visitor.send()
    visitor.fits()
    with visitor.page.expect_navigation(timeout=60_000):
        visitor.page.locator(".heading .btn-primary").click()
    run: ImportRun = ImportRun.objects.get()
    assert run.state == ImportRun.State.DONE
    return run


@pytest.mark.skipif(not ROSTER.is_file(), reason="no sample town beside the repository (../shared/samples/town)")
def test_a_towns_roster_keeps_off_whose_certificate_is_out_of_date(
    world: World, live_server: Any, open_page: OpenPage
) -> None:
    bo = Visitor(open_page(width=DESKTOP), live_server.url, "bo")
    run = imported(bo, [SCHOOLS, ROSTER])
    assert run.result["created"] > 0
    school = OrgUnit.objects.get(name="双南中心小学")
    bo.page.set_viewport_size({"width": PHONE, "height": 844})
    bo.visit(f"/canteen/roster/?under={school.public_id}")
    bo.is_sound()
    ends = dict(Credential.objects.filter(kind=HEALTH, org=school).values_list("holder__label", "expires_on"))
    assert str(ends["陈桂英"]) == "2024-06-08", "as the sheet says"
    kept = bo.page.inner_text("main")
    off = {name for name, until in ends.items() if until < timezone.localdate()}
    assert off, "the sample's certificates ended in 2024 and 2025"
    assert [name for name in off if not re.search(f"{name}.{{0,60}}{ends[name]}", kept, re.S)] == [], (
        "each with the day on which it ended"
    )
