"""The page that tells what was measured: each figure beside what was aimed at, and why one is missed. Written by ``benchmarks.everything``."""

import ast
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.aims import AIMS, WHY, Aim

HEAD = """# What was measured

Written by `make bench` (`python -m benchmarks.everything`) and by nothing else: every number here was printed by a script in
`benchmarks/`, which says in its first lines what it does. Client, server and database share one machine, so figures of several at
once are of all of them together. `ratio` is the figure through its aim.

"""
SCRIPTS = {"province of 100": "pages", "province of 1,000": "pages", "province of 20,000": "pages"}
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def page_of(found: dict[str, Any]) -> str:
    """The page as Markdown, from what each benchmark printed."""
    machine = "".join(f"| {name} | {value} |\n" for name, value in found["machine"].items())
    parts = [
        _section(database, name, found[database][name])
        for database in NAMES
        for name in found.get(database, {})
    ]  # fmt: skip
    return f"{HEAD}| machine | |\n|---|---|\n{machine}\n" + _missed(found) + "\n".join(parts)


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
    why = dict.fromkeys(aim.why for aim in over)
    lines = [
        f"- **{'; '.join(f'{aim.words} ({NAMES[aim.database]})' for aim in over if aim.why == key)}.** {WHY[key]}\n"
        for key in why
    ]
    return "## Not reached\n\n" + "".join(lines) + "\n"


def _section(database: str, name: str, result: dict[str, Any]) -> str:
    script = SCRIPTS.get(name, name)
    source = (Path(__file__).parent / f"{script}.py").read_text(encoding="utf-8")
    claim = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0]
    rows = [_row(aim, figure(result, aim.path)) for aim in AIMS if (aim.database, aim.name) == (database, name)]
    table = "| figure | measured | aim | ratio | reached |\n|---|--:|--:|--:|---|\n" + "".join(rows) if rows else ""
    whole = json.dumps(result, ensure_ascii=False, indent=1)
    return (
        f"## {name} · {NAMES[database]}\n\n{' '.join(claim.split())}\n\n{table}\n"
        f"<details><summary>All that it printed</summary>\n\n```json\n{whole}\n```\n\n</details>\n"
    )


def _row(aim: Aim, value: float | None) -> str:
    bound = f"{aim.sign} {aim.bound:,} {aim.unit}".strip()
    if value is None:
        return f"| {aim.words} | – | {bound} | – | **not measured** |\n"
    ratio = f"{value / aim.bound:.2f}" if aim.bound else "–"
    return f"| {aim.words} | {value:,} | {bound} | {ratio} | {'yes' if aim.reached(value) else '**no**'} |\n"
