"""A real town's folder in the browser, where one lies beside the repository: read, one name kept apart, written, undone."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from houqin.flows.sheets.models import ImportRun
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import make_world

TOWN = Path(__file__).resolve().parents[3] / "shared" / "samples" / "town"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not TOWN.is_dir(), reason="no sample town beside the repository (../shared/samples/town)"),
]


@pytest.mark.parametrize(("width", "language"), [(PHONE, "zh-CN"), (DESKTOP, "en")])
def test_a_town_hands_in_its_folder(
    transactional_db: None, live_server: Any, open_page: Callable[..., Any], width: int, language: str
) -> None:
    world = make_world()
    office = Visitor(open_page(width=width, language=language), live_server.url, "bo")
    page = office.page
    office.visit("/sheets/imports/new/")
    page.select_option("[name=org]", str(world.town.pk))
    page.set_input_files("[name=sheets]", [str(path) for path in sorted(TOWN.glob("*.xls*"))])
    office.send()
    office.is_sound()
    run = ImportRun.objects.get()
    apart = page.locator("#proposals button[value=apart]").first
    kept = apart.locator(".visually-hidden").inner_text().strip()
    apart.click()
    page.wait_for_load_state("load")
    assert run.proposals.filter(name=kept, decision="apart").exists()

    with page.expect_navigation(timeout=60_000):
        page.locator(".heading .btn-primary").click()
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE
    office.is_sound()
    truth = json.loads((TOWN / "truth.json").read_text(encoding="utf-8"))
    office.visit("/console/schools/")
    listed = page.inner_text("#listing")
    assert [school["name"] for school in truth["schools"] if school["name"] not in listed] == []
    office.visit("/canteen/deliveries/")
    assert re.search(r"[1-9]", page.inner_text("#listing .total"))

    office.visit(f"/sheets/imports/{run.public_id}/")
    undo = page.locator("#proposals form[action*='undo'] button").first
    merged = undo.locator(".visually-hidden").inner_text().strip()
    with page.expect_navigation():
        undo.click()
    assert run.proposals.filter(name=merged, undone_at__isnull=False).exists()
