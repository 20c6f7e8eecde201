"""Habits of the house that a reader should be able to rely on."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.forms import BaseForm
from django.urls import URLPattern, URLResolver, get_resolver

from houqin.core.audit.trail import VERBS
from houqin.core.scope.models import ScopedModel
from houqin.core.scope.permissions import all_permissions

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "houqin"
BANNED_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py", "services.py"}
LONGEST = 400
LONGEST_TEST = 500


def sources(pattern: str = "**/*.py") -> list[Path]:
    return [path for path in sorted(HOUSE.glob(pattern)) if "migrations" not in path.parts]


def is_test(path: Path) -> bool:
    return "tests" in path.parts


@pytest.mark.parametrize("path", [*sources(), *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda p: str(p.name))
def test_files_are_small_and_named_for_what_they_hold(path: Path) -> None:
    assert path.name not in BANNED_NAMES
    limit = LONGEST_TEST if "tests" in path.parts else LONGEST
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


def view_files() -> list[Path]:
    found = [path for path in sources() if path.name == "views.py" or path.parent.name == "views"]
    return [path for path in found if not is_test(path)]


@pytest.mark.parametrize("path", view_files(), ids=lambda p: "/".join(p.parts[-3:]))
def test_views_reach_rows_only_through_the_viewer(path: Path) -> None:
    """``.objects`` in a view is followed by visible_to, get_visible or narrowing of an own queryset in queries.py."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            after = parents[node]
            assert isinstance(after, ast.Attribute), f"{path}:{node.lineno} hands a whole table on"
            assert after.attr in {"visible_to", "get_visible", "none"}, f"{path}:{node.lineno} .objects.{after.attr}"


def action_files() -> list[Path]:
    found = [path for path in sources() if path.name == "actions.py" or "actions" in path.parts[:-1]]
    return [path for path in found if not is_test(path) and path.name != "__init__.py"]


def deeds() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in action_files():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and any(arg.arg == "by" for arg in node.args.kwonlyargs):
                yield path, node


@pytest.mark.parametrize(("path", "node"), list(deeds()), ids=lambda value: getattr(value, "name", ""))
def test_every_deed_is_a_verb_and_says_its_effect(path: Path, node: ast.FunctionDef) -> None:
    marks = {ast.unparse(mark) for mark in node.decorator_list}
    assert "verb" in marks, f"{path}:{node.lineno} {node.name} takes by= and is no verb"
    assert ast.get_docstring(node), f"{node.name} does not say its effect"


def test_every_verb_writes_the_trail() -> None:
    """A verb records its deed itself, or through verbs and private steps of the same module that it calls."""
    silent = []
    trees = {}
    for name, function in VERBS.items():
        path = Path(function.__code__.co_filename)
        tree = trees.setdefault(path, ast.parse(path.read_text(encoding="utf-8")))
        local = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        if not _records(local[function.__name__], local, set()):
            silent.append(name)
    assert silent == []


def _records(node: ast.FunctionDef, local: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    seen.add(node.name)
    verbs = {name.rpartition(".")[2] for name in VERBS}
    for call in (item for item in ast.walk(node) if isinstance(item, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == "record" or (name in verbs and name != node.name):
            return True
        if name in local and name not in seen and _records(local[name], local, seen):
            return True
    return False


def test_permissions_are_asked_for_somewhere() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources() if not is_test(path))
    unused = [code for code in all_permissions() if text.count(f'"{code}"') < 2]
    assert unused == []


def test_no_form_holds_a_state() -> None:
    states = {name for model in apps.get_models() if issubclass(model, ScopedModel) for name in model.STATE_FIELDS}
    patterns(get_resolver().url_patterns)
    guilty = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _subclasses(BaseForm)
        if form.__module__.startswith("houqin.")
        for name in getattr(form, "base_fields", {})
        if name in states
    ]
    assert guilty == []


def _subclasses(base: type) -> Iterator[type]:
    for one in base.__subclasses__():
        yield one
        yield from _subclasses(one)


def patterns(items: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for item in items:
        if isinstance(item, URLResolver):
            yield from patterns(item.url_patterns)
        else:
            yield item


def test_every_own_address_has_a_guarded_door() -> None:
    open_doors = [
        str(item.pattern)
        for item in patterns(get_resolver().url_patterns)
        if getattr(item.callback, "__module__", "").startswith("houqin.")
        and not getattr(item.callback, "houqin_page", False)
    ]
    assert open_doors == []


@pytest.mark.parametrize("word", ["get_model(", "import_string("])
def test_names_are_not_looked_up_at_run_time(word: str) -> None:
    guilty = [path.name for path in sources() if not is_test(path) and word in path.read_text(encoding="utf-8")]
    assert [name for name in guilty if name != "partitions.py"] == []


def test_a_second_row_of_every_table_declares_scope_and_class() -> None:
    from houqin.core.scope.checks import every_table_declares_itself

    assert every_table_declares_itself(None) == []


def test_messages_are_marked_by_names_that_gettext_gathers() -> None:
    """A translation function under another name would be English for ever, and no check would notice."""
    guilty = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                guilty += [
                    f"{path.name}: {name.name} as {name.asname}"
                    for name in node.names
                    if name.asname not in {None, "_"}
                ]
    assert guilty == []
