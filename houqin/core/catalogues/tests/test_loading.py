"""Catalogues: checked, versioned, loaded again without change."""

from datetime import date
from pathlib import Path

import pytest

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues import loading
from houqin.core.catalogues.loading import CatalogueError, Entry, entry, load_catalogues
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.scope.viewer import system_viewer

pytestmark = pytest.mark.django_db
GOOD = """
- {code: sample, title_zh: 留样, title_en: Sample, source: R45, clause: art.40, confidence: "A*", minimum_grams: 125}
"""


class Limit(Entry):
    """A limit in grams."""

    minimum_grams: int


@pytest.fixture
def root(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(loading, "SCHEMAS", {"limits": Limit})
    monkeypatch.setattr(loading, "AFTER_LOADING", [])
    (tmp_path / "limits").mkdir()
    (tmp_path / "limits" / "food.yaml").write_text(GOOD)
    return tmp_path


def test_loading_twice_changes_nothing(root: Path) -> None:
    assert load_catalogues(by=system_viewer(), root=root) == {"added": 1, "changed": 0, "closed": 0}
    assert load_catalogues(by=system_viewer(), root=root) == {"added": 0, "changed": 0, "closed": 0}
    item = entry("limits", "sample", date(2024, 3, 4))
    assert item is not None
    assert item.value("minimum_grams") == 125
    assert AuditEntry.objects.count() == 1


def test_a_changed_entry_is_a_new_version_and_a_removed_one_is_closed(root: Path) -> None:
    load_catalogues(by=system_viewer(), root=root)
    (root / "limits" / "food.yaml").write_text(GOOD.replace("125", "150"))
    assert load_catalogues(by=system_viewer(), root=root)["changed"] == 1
    assert list(CatalogueItem.objects.values_list("version", "body__minimum_grams")) == [(2, 150), (1, 125)]
    (root / "limits" / "food.yaml").write_text("[]")
    assert load_catalogues(by=system_viewer(), root=root)["closed"] == 1
    assert CatalogueItem.objects.count() == 2
    assert entry("limits", "sample", date(2999, 1, 1)) is None  # no older version takes its place
    (root / "limits" / "food.yaml").write_text(GOOD.replace("125", "150"))
    assert load_catalogues(by=system_viewer(), root=root)["changed"] == 1
    back = entry("limits", "sample", date(2999, 1, 1))
    assert back is not None
    assert back.version == 3


@pytest.mark.parametrize("wrong", [GOOD.replace("125", "much"), GOOD.replace("source: R45,", "")])
def test_a_wrong_file_loads_nothing_and_names_the_entry(root: Path, wrong: str) -> None:
    (root / "limits" / "food.yaml").write_text(wrong)
    with pytest.raises(CatalogueError, match="sample"):
        load_catalogues(by=system_viewer(), root=root)
    assert not CatalogueItem.objects.exists()


def test_the_shipped_catalogues_meet_their_schemas() -> None:
    counts = load_catalogues(by=system_viewer())
    assert counts["changed"] == counts["closed"] == 0
