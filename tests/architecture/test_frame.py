"""The frame: lock files without addresses, a set-up that does nothing twice, small files."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"]
LONGEST = 400


def setup_script() -> ModuleType:
    """scripts/setup.py as a module."""
    spec = importlib.util.spec_from_file_location("houqin_setup", ROOT / "scripts" / "setup.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", LOCKS)
def test_each_locked_python_package_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^--", text, re.M)
    for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_shorter_lock_agrees_with_the_longer() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+==[^ \\]+)", (ROOT / name).read_text(), re.M))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_npm_parts_are_locked_by_sum_and_without_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert not name or entry["integrity"].startswith("sha512-"), name


def test_a_step_of_the_set_up_runs_once_and_again_when_its_inputs_change(tmp_path: Path) -> None:
    script, done = setup_script(), []
    stamp = tmp_path / "made" / ".stamp"
    for wanted in ("a", "a", "b"):
        script.step("work", stamp, wanted, lambda wanted=wanted: done.append(wanted))
    assert done == ["a", "b"]


def test_a_step_that_failed_runs_again(tmp_path: Path) -> None:
    script = setup_script()

    def fail() -> None:
        raise script.SetupError("no network")

    for _attempt in range(2):
        with pytest.raises(script.SetupError):
            script.step("work", tmp_path / ".stamp", "a", fail)


def test_no_file_of_code_is_longer_than_400_lines() -> None:
    sources = [p for folder in ("houqin", "tests", "scripts", "benchmarks") for p in (ROOT / folder).rglob("*.py")]
    long = {str(p.relative_to(ROOT)) for p in sources if len(p.read_text("utf-8").splitlines()) > LONGEST}
    assert not {name for name in long if "/migrations/" not in name}


def test_no_room_is_called_utils_helpers_or_common() -> None:
    assert not [p for p in (ROOT / "houqin").rglob("*.py") if p.stem in {"utils", "helpers", "common"}]
