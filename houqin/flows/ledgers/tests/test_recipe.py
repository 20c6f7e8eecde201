"""Following ``docs/recipes/add-a-ledger.md`` to the letter gives a ledger that is due, written, sealed and printed."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pydantic import BaseModel

from houqin.core.catalogues.loading import load_catalogues
from houqin.flows.duties.generation import generate
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers import catalogue, columns
from houqin.flows.ledgers.actions import record_entry
from houqin.flows.ledgers.models import Breach
from houqin.flows.seals.checking import check
from houqin.flows.seals.models import Chain, Seal
from tests.world import NOON, TODAY, World

pytestmark = pytest.mark.django_db
RECIPE = settings.ROOT / "docs" / "recipes" / "add-a-ledger.md"


def recipe(root: Path) -> str:
    """Do what the recipe says: put its example into the catalogue under the name of its code."""
    text = re.search(r"```yaml\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL)
    assert text
    body = "".join(line[3:] if line.startswith("   ") else line for line in text[1].splitlines(keepends=True))
    code = re.search(r"^- code: (\S+)$", body, re.MULTILINE)
    assert code
    (root / "ledgers").mkdir()
    (root / "ledgers" / f"{code[1]}.yaml").write_text(body, encoding="utf-8")
    return code[1]


def test_the_recipe_gives_a_working_ledger(world: World, tmp_path: Path) -> None:
    code = recipe(tmp_path)
    load_catalogues(by=world.system, root=tmp_path)
    generate(TODAY, TODAY)
    duties = Duty.objects.filter(org=world.school_a, rule=f"ledger:{code}")
    assert [(duty.day, duty.slot, duty.post) for duty in duties] == [(TODAY, "am", "cook")]

    entry = record_entry(
        world.school_a, by=world.viewer("shi", NOON - timedelta(minutes=30)), ledger=code, slot="am",
        values={"temperature": 2050, "clear": True, "remark": "已关火降温"},
    )  # fmt: skip
    assert duties.get().state == DutyState.DONE
    assert duties.get().evidence_id == entry.public_id
    assert [(one.column, one.limit) for one in Breach.objects.all()] == [("油温", "≤ 190 °C")]
    assert Seal.objects.get(item_id=entry.public_id).number == 1
    assert check(Chain.objects.get(org=world.school_a)).clean

    client = Client()
    client.force_login(world.gao)
    printed = client.get(
        reverse("ledgers:month-print", args=[code]), {"month": "2024-03", "under": world.school_a.path}
    )
    page = printed.content.decode()
    assert "油炸油温记录表" in page
    assert "205" in page
    assert "已关火降温" in page
    assert "食品安全员：" in page
    form = client.get(reverse("ledgers:write", args=[code]), {"org": world.school_a.path})
    assert form.status_code == 200
    assert "油温" in form.content.decode()


PARTS: list[type[BaseModel]] = [
    catalogue.Ledger, catalogue.When, catalogue.For, catalogue.PhotoRule, catalogue.Gate, catalogue.Print, catalogue.Stops,
    columns.Column, columns.Choice, columns.Limit, columns.Lines,
]  # fmt: skip


def described() -> dict[str, set[str]]:
    """The keys that the recipe describes, by the part under whose heading they stand."""
    sections = re.split(r"^### (\w+).*$", RECIPE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    rows = {
        name: re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE)
        for name, text in zip(sections[::2], sections[1::2], strict=True)
    }
    return {name: {key for row in found for key in re.findall(r"`(\w+)`", row)} for name, found in rows.items()}


def test_the_recipe_describes_each_key_of_the_schema_and_no_other() -> None:
    assert described() == {part.__name__: set(part.model_fields) for part in PARTS}


def test_no_part_of_the_schema_is_left_out() -> None:
    """Every model that a ledger's definition is made of has its table."""
    reached, waiting = set(), [catalogue.Ledger]
    while waiting:
        part = waiting.pop()
        reached.add(part)
        inner = {
            one for field in part.model_fields.values() for one in (field.annotation, *arguments(field.annotation))
        }
        waiting += [one for one in inner if isinstance(one, type) and issubclass(one, BaseModel) and one not in reached]
    assert reached == set(PARTS)


def arguments(annotation: Any) -> set[Any]:
    """What a list, a mapping or an alternative is made of."""
    found = set(get_args(annotation))
    return found.union(*(arguments(one) for one in found)) if found else found


def test_a_changed_file_is_a_new_version_and_a_removed_one_asks_no_more(world: World, tmp_path: Path) -> None:
    code = recipe(tmp_path)
    load_catalogues(by=world.system, root=tmp_path)
    path = tmp_path / "ledgers" / f"{code}.yaml"
    path.write_text(path.read_text("utf-8").replace("minutes: 0.5", "minutes: 1"), encoding="utf-8")
    assert load_catalogues(by=world.system, root=tmp_path)["changed"] == 1
    path.unlink()
    assert load_catalogues(by=world.system, root=tmp_path)["closed"] == 1
    after = TODAY + timedelta(days=1)
    generate(after, after)
    assert not Duty.objects.filter(rule=f"ledger:{code}", day__gte=date(2024, 3, 5)).exists()
