"""The one table of settings names exactly what the code reads from the environment."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TABLE = ROOT / "docs" / "operations" / "settings.md"
READERS = {"text", "flag", "number", "words", "one_of"}
ENVIRONMENT = {"os.environ.get", "os.environ.setdefault", "os.getenv"}
OF_THE_SYSTEM = {"LANG", "LC_ALL", "LANGUAGE", "DJANGO_SETTINGS_MODULE"}
"""The machine's language, and what is set for Django, never read from an operator."""
EACH_SIGN_IN = {f"HOUQIN_OIDC_<CODE>_{part}" for part in ("NAME", "SERVER", "CLIENT", "SECRET")}


def read_by(node: ast.AST) -> Iterator[ast.expr]:
    """The names of variables that this piece of code reads, as written."""
    if isinstance(node, ast.keyword) and node.arg == "envvar":
        yield node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        of_env = isinstance(node.func.value, ast.Name) and node.func.value.id == "env" and node.func.attr in READERS
        if of_env or ast.unparse(node.func) in ENVIRONMENT:
            yield node.args[0]
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
        yield node.slice


def read_in_code() -> tuple[set[str], set[str]]:
    """Names that stand in the code, and the files that put names together."""
    names, composed = set(), set()
    for path in sorted((ROOT / "houqin").rglob("*.py")):
        if "tests" in path.parts or path.name == "env.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in read_by(node):
                if isinstance(name, ast.Constant):
                    names.add(str(name.value))
                else:
                    composed.add(path.name)
    return names - OF_THE_SYSTEM, composed


def in_table() -> list[str]:
    cells = [line.split("|")[1] for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_the_table_and_the_code_name_the_same_variables() -> None:
    names, composed = read_in_code()
    assert composed == {"sign_ins.py"}, "a name that is put together needs a row of its own here"
    assert set(in_table()) - names == EACH_SIGN_IN, "in the table, but read nowhere"
    assert names - set(in_table()) == set(), "read, but not in docs/operations/settings.md"


def test_each_variable_has_one_row() -> None:
    assert [name for name, times in Counter(in_table()).items() if times > 1] == []


def test_the_table_is_the_only_one() -> None:
    """Others explain settings in their place; a second table would be forgotten."""
    heading = "| variable | without it |"
    assert [path.name for path in TABLE.parent.glob("*.md") if heading in path.read_text(encoding="utf-8")] == [
        TABLE.name
    ]
