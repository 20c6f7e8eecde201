"""What it is made of: every part pinned with its hash, and told in a list that is the same every time."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))


def pinned(name: str) -> dict[str, str]:
    """Each part of a lock file with its lines."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][\w.-]*==[^\s;]+)(.*(?:\n[ \t].*)*)", text, re.MULTILINE))


def test_the_lock_files_are_known() -> None:
    assert LOCKS == ["requirements-dev.lock", "requirements-node.lock", "requirements.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_part_is_pinned_with_its_hashes(name: str) -> None:
    lines = [
        line
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith((" ", "#"))
    ]
    found = pinned(name)
    assert len(found) == len(lines) > 0
    assert [part for part, told in found.items() if not re.search(r"--hash=sha256:[0-9a-f]{64}", told)] == []


def test_every_part_of_the_pages_has_its_sum() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    parts = {name: told for name, told in packages.items() if name}
    assert len(parts) > 5
    assert [name for name, told in parts.items() if not told.get("integrity", "").startswith("sha512-")] == []


def test_the_list_of_parts_holds_each_with_its_hash_and_is_the_same_every_time(tmp_path: Path) -> None:
    made = []
    for name in ("one.json", "two.json"):
        command = [
            "requirements",
            "requirements.lock",
            "--pyproject",
            "pyproject.toml",
            "--output-reproducible",
            "--short-PURLs",
        ]
        run = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", *command, "-o", str(tmp_path / name)]
        subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    told = json.loads(made[0])
    parts = {f"{one['name']}=={one['version']}".lower(): one for one in told["components"]}
    assert parts.keys() == {part.lower() for part in pinned("requirements.lock")}
    assert all(one["externalReferences"][0]["hashes"] for one in parts.values())
