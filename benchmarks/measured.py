"""The page that tells what was measured: each figure beside what was aimed at, and why one is missed. Written by ``benchmarks.everything``."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.aims import AIMS, WHY, Aim

HEAD = """# What was measured

Written by `make bench` (`python -m benchmarks.everything`) and by nothing else: every number here was printed by a script in
`benchmarks/`, which says in its first lines what it does. Client, server and database share one machine, so figures of several at
once are of all of them together. `ratio` is the figure through its aim.

"""
PROVINCES = ("province of 100", "province of 1,000", "province of 20,000")
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def page_of(found: dict[str, Any]) -> str:
    """The page as Markdown, from what each benchmark printed."""
    machine = "".join(f"| {name} | {value} |\n" for name, value in found["machine"].items())
    parts = [
        _section(database, name, found[database][name])
        for database in NAMES
        for name in found.get(database, {})
    ]  # fmt: skip
    return f"{HEAD}| machine | |\n|---|---|\n{machine}\n" + _missed(found) + _growth(found) + "\n".join(parts)


def found_in(page: str) -> dict[str, Any]:
    """What a page told, read back from it: figures outlast the machine that measured them."""
    machine = re.search(r"\| machine \| \|\n\|---\|---\|\n((?:\|.*\n)+)", page)
    rows = [line.strip("| ").split(" | ") for line in machine[1].splitlines()] if machine else []
    found: dict[str, Any] = {"machine": {name: int(value) if value.isdigit() else value for name, value in rows}}
    databases = {words: database for database, words in NAMES.items()}
    for name, words, printed in re.findall(r"^## ([^\n]+) · (\w+)$.*?^```json\n(.*?)^```$", page, re.M | re.S):
        found.setdefault(databases[words], {})[name] = json.loads(printed)
    return found


def figure(result: Any, path: Iterable[str]) -> float | None:
    """The number at the end of a path, when it was measured."""
    for key in path:
        result = result.get(key) if isinstance(result, dict) else None
    return result if isinstance(result, int | float) else None


def missed(found: dict[str, Any]) -> list[Aim]:
    """Aims that what was measured does not reach, or that a run ended without measuring."""
    ran = [aim for aim in AIMS if aim.name in found.get(aim.database, {})]
    values = [(aim, figure(found[aim.database][aim.name], aim.path)) for aim in ran]
    return [aim for aim, value in values if value is None or not aim.reached(value)]


def _missed(found: dict[str, Any]) -> str:
    """What is not reached and what would reach it, first."""
    over = missed(found)
    if not over:
        return ""
    parts = []
    for why in dict.fromkeys(aim.why for aim in over):
        told: dict[str, list[str]] = {}
        for aim in (one for one in over if one.why == why):
            value = figure(found[aim.database][aim.name], aim.path)
            told.setdefault(f"{aim.name} · {NAMES[aim.database]}", []).append(f"{aim.words} {value} ({aim.asked})")
        lines = "".join(f"- {name}: {'; '.join(words)}\n" for name, words in told.items())
        parts.append(f"{WHY[why]}\n\n{lines}\n")
    return "## Not reached\n\n" + "".join(parts)


def _growth(found: dict[str, Any]) -> str:
    """How the time of each page grows with the number of schools: its median alone, for a school's principal and for a province."""
    made = {name: found.get("postgresql", {}).get(name, {}) for name in PROVINCES}
    pages = dict.fromkeys(page for result in made.values() for page in result.get("pages", {}))
    roles = ("principal", "administrator")
    if not pages:
        return ""
    heads = [f"{name}, {role}" for role in roles for name in PROVINCES]
    rows = []
    for page in pages:
        values = [
            figure(made[name], ("pages", page, "alone", role, "median_ms")) for role in roles for name in PROVINCES
        ]
        rows.append(f"| {page} | {' | '.join('–' if value is None else f'{value:,}' for value in values)} |\n")
    return (
        "## How pages grow\n\nMedian alone, in milliseconds. A hundred schools have sixty days, a thousand a year, twenty thousand one day.\n\n"
        f"| page | {' | '.join(heads)} |\n|---|{'--:|' * len(heads)}\n{''.join(rows)}\n"
    )


def _section(database: str, name: str, result: dict[str, Any]) -> str:
    script = "pages" if name in PROVINCES else name
    source = (Path(__file__).parent / f"{script}.py").read_text(encoding="utf-8")
    claim = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0]
    rows = [_row(aim, figure(result, aim.path)) for aim in AIMS if (aim.database, aim.name) == (database, name)]
    table = "| figure | measured | aim | ratio | reached |\n|---|--:|--:|--:|---|\n" + "".join(rows) if rows else ""
    whole = "\n".join(_printed(result))
    return (
        f"## {name} · {NAMES[database]}\n\n{' '.join(claim.split())}\n\n{table}\n"
        f"<details><summary>All that it printed</summary>\n\n```json\n{whole}\n```\n\n</details>\n"
    )


def _printed(result: dict[str, Any], depth: int = 2) -> Iterator[str]:
    """As JSON, a line for each figure or group of figures."""
    yield "{"
    for number, (key, value) in enumerate(result.items(), 1):
        inner = (
            list(_printed(value, depth - 1))
            if depth and isinstance(value, dict)
            else [json.dumps(value, ensure_ascii=False)]
        )
        comma = "," if number < len(result) else ""
        yield f" {json.dumps(key, ensure_ascii=False)}: {inner[0]}" + (comma if len(inner) == 1 else "")
        yield from (f" {line}" for line in inner[1:-1])
        if len(inner) > 1:
            yield f" {inner[-1]}{comma}"
    yield "}"


def _row(aim: Aim, value: float | None) -> str:
    if value is None:
        return f"| {aim.words} | – | {aim.asked} | – | **not measured** |\n"
    ratio = f"{value / aim.bound:.2f}" if aim.bound else "–"
    return f"| {aim.words} | {value:,} | {aim.asked} | {ratio} | {'yes' if aim.reached(value) else '**no**'} |\n"
