"""The documents for operators can be executed (make docs-check does it): every block says how."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]


def _docs_check() -> Any:
    spec = importlib.util.spec_from_file_location("docs_check", ROOT / "scripts" / "docs_check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


docs_check = _docs_check()


@pytest.mark.parametrize("name", docs_check.TRIED)
def test_every_block_says_how_it_is_tried(name: str) -> None:
    blocks = docs_check.read(docs_check.DOCS / name).blocks
    assert len(blocks) >= 6
    for block in blocks:
        assert block.text.strip()
        if not block.how.startswith("not tried"):
            assert "ADDRESS-OF" not in docs_check.replaced(block)


def test_every_example_stands_in_a_document() -> None:
    everywhere = "".join(path.read_text(encoding="utf-8") for path in docs_check.DOCS.glob("*.md"))
    examples = [path.name for path in (docs_check.DOCS / "examples").iterdir()]
    assert [example for example in examples if example not in everywhere] == []


def test_a_block_that_does_not_say_how_stops_the_check(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("```sh\ntrue\n```\n")
    with pytest.raises(SystemExit, match=r"x\.md:1"):
        docs_check.read(tmp_path / "x.md")


def test_a_word_that_is_replaced_but_not_there_stops_the_check() -> None:
    with pytest.raises(SystemExit, match="GONE"):
        docs_check.replaced(docs_check.Block(1, "tried with GONE=x", "true\n"))
