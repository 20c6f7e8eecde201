"""Claims: class lists and rosters of a town are imported at ≥ 5,000 rows a second, and 100,000 rows take < 500 MB in all.

As a town's office hands them in: a list of its schools and one workbook a school with its pupils class by class and its canteen's
staff with their health certificates. Read, compared, staged and written by the same steps as from the page or the command line,
in a process of its own. Each line of a sheet is a row in ``sheets_importrow`` and ``sheets_recordedrow`` and one or more of what
it means; the rows a second count lines, the rows written are told by table.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.apps import apps
from django.db import connections

from benchmarks.apart import told_by
from benchmarks.province.dice import Dice
from benchmarks.province.people import named

SCHOOLS, CLASSES, PUPILS, STAFF = 100, 24, 41, 16
TOWN = "湖北省/襄阳市/襄州区/名册镇"
POSTS = ("食堂管理员", "食品安全员", "保管员", "厨师", "帮厨", "帮厨", "面点师", "洗消员")
KEPT = (
    "orgs_orgunit", "orgs_schoolfacts", "people_classgroup", "people_pupil", "people_person", "people_post", "people_postholding",
    "subjects_subject", "credentials_credential", "sheets_importrow", "sheets_recordedrow",
)  # fmt: skip


def run(shared: Path, *, schools: int = SCHOOLS) -> dict[str, Any]:
    """Seconds, rows a second and memory of the first import and of the same again."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), schools)
        connections.close_all()
        done = {name: told_by("imports", folder) for name in ("first", "again")}
    return {"schools": schools, "lines of the rosters": schools * (CLASSES * PUPILS + STAFF)} | done


def work() -> None:
    """Import the folder that is named and print what it took."""
    from houqin.core.orgs.actions import ensure_path
    from houqin.core.scope.viewer import Channel, system_viewer
    from houqin.flows.sheets.folders import import_folder

    by = system_viewer(channel=Channel.CLI)
    town = ensure_path(TOWN, by=by)
    start, before = _memory(), _counts()
    began, spent = time.perf_counter(), time.process_time()
    told = import_folder(Path(sys.argv[1]), under=town, by=by)
    seconds = time.perf_counter() - began
    lines = told["pupils"] + told["staff"] + told["schools"]
    written = {name: count - before[name] for name, count in _counts().items() if count > before[name]}
    found = {
        "lines": lines, "created": told["created"], "rejected": told["rejected"], "seconds": round(seconds, 1),
        "CPU seconds of the process": round(time.process_time() - spent, 1), "lines a second": round(lines / seconds),
        "rows written a second": round(sum(written.values()) / seconds), "written": written,
        "memory at the start, MB": start, "memory at most, MB": _memory(),
    }  # fmt: skip
    json.dump(found, sys.stdout, ensure_ascii=False)


def _memory() -> int:
    """The largest resident size so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _counts() -> dict[str, int]:
    tables = {model._meta.db_table: model for model in apps.get_models()}
    return {name: tables[name]._default_manager.count() for name in KEPT}


def _write(folder: Path, schools: int) -> None:
    """A workbook with the list of schools, and one a school."""
    names = [f"第{number + 1}小学" for number in range(schools)]
    _book(folder / "学校基本情况.xlsx", {"学校基本情况": _list_of_schools(names)})
    for number, name in enumerate(names):
        dice = Dice("imports", number)
        sheets = {"学生花名册": _pupils(name, dice, numbered=number % 2 == 0), "食堂从业人员花名册": _staff(name, dice)}
        _book(folder / f"{name}名册.xlsx", sheets)


def _book(path: Path, sheets: dict[str, Iterator[list[Any]]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def _list_of_schools(names: list[str]) -> Iterator[list[Any]]:
    yield ["学校基本情况统计表"]
    yield ["学校名称", "办学类型", "班级数", "学生数", "寄宿生数", "教职工数"]
    for name in names:
        yield [name, "小学", CLASSES, CLASSES * PUPILS, CLASSES * PUPILS // 4, 60]


def _pupils(school: str, dice: Dice, *, numbered: bool) -> Iterator[list[Any]]:
    """Class by class; some schools number the lines, some do not."""
    yield [f"{school}学生花名册"]
    yield [*(["序号"] if numbered else []), "年级", "班级", "姓名", "性别", "是否寄宿"]
    for number in range(CLASSES * PUPILS):
        group = number // PUPILS
        grade = "一二三四五六"[group % 6]
        board = "是" if dice.random() < 0.25 else "否"
        told = [f"{grade}年级", f"{group // 6 + 1}班", named(dice), dice.choice("男女"), board]
        yield [number + 1, *told] if numbered else told


def _staff(school: str, dice: Dice) -> Iterator[list[Any]]:
    yield [f"{school}食堂从业人员花名册"]
    yield ["序号", "姓名", "性别", "岗位", "健康证编号", "发证日期", "有效期至", "联系电话"]
    for number in range(STAFF):
        certificate, phone = f"鄂{dice.randint(10**8, 10**9 - 1)}", f"138{dice.randint(10**7, 10**8 - 1)}"
        post = POSTS[number % len(POSTS)]
        yield [number + 1, named(dice), dice.choice("男女"), post, certificate, "2026-03-02", "2027-03-01", phone]
