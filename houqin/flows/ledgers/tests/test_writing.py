"""A form from every definition: what is usual stands there, what is honest goes through, what cannot be is asked again."""

from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client

from houqin.core.orgs.models import OrgUnit
from houqin.flows.ledgers.definitions import resolved
from houqin.flows.ledgers.forms.sheet import sheet_for
from houqin.flows.ledgers.forms.writing import WriteForm
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.tests import hand
from tests.world import World

pytestmark = pytest.mark.django_db
SHIPPED = [
    one["code"]
    for path in sorted((settings.ROOT / "catalogues/ledgers").glob("*.yaml"))
    for one in yaml.safe_load(path.read_text("utf-8"))
    if not one.get("fed_by") and one["demand"] != "own"
]


@pytest.fixture
def school(world: World) -> OrgUnit:
    return hand.furnish(world)


@pytest.fixture
def gao(client: Client, world: World) -> Client:
    client.force_login(world.gao)
    return client


def blank(world: World, org: OrgUnit, code: str, **more: Any) -> WriteForm:
    from django.utils import timezone

    viewer = world.viewer("gao", now=timezone.now())
    sheet = sheet_for(resolved(code, org, viewer.today), org, viewer, day=viewer.today, **more)
    return WriteForm(viewer=viewer, row=sheet)


def test_every_shipped_ledger_is_written_by_an_honest_hand(school: OrgUnit, gao: Client) -> None:
    """One test for all of them: the catalogues are loaded once."""
    wrong: dict[str, Any] = {}
    for code in SHIPPED:
        address = f"/ledgers/{code}/write/?org={school.path}"
        page = gao.get(address)
        assert page.status_code == 200, code
        form = page.context["form"]
        assert form.rows or not form.row.has_lines, code
        sent = hand.fill(form)
        if form.asks_remark:
            sent["v-remark"] = "只有一人在岗"
        answer = gao.post(address, sent)
        entries = LedgerEntry.objects.filter(org=school, ledger=code)
        if answer.status_code != 302 or not entries or any(entry.breaches for entry in entries):
            wrong[code] = answer.context and dict(answer.context["form"].errors)
    assert not wrong
