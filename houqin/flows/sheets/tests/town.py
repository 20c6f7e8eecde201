"""Another town, made by code, with other habits than the sample: what it says is known exactly.

清河镇 keeps its ledgers in the folder 2022-2023学年第二学期. Every workbook has its own quirks; `write_town` writes the
files and returns what an import must find."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

FULL = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass
class Truth:
    """What the folder says."""

    schools: int = 0
    staff: int = 0
    deliveries: int = 0
    issues: int = 0
    menus: int = 0
    grams: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    fen: int = 0
    suppliers: set[str] = field(default_factory=set)

    def add(self, product: str, grams: int, fen: int, supplier: str) -> None:
        """One delivery line."""
        self.deliveries += 1
        self.grams[product] += grams
        self.fen += fen
        self.suppliers.add(supplier)

    @property
    def kg(self) -> dict[str, float]:
        """As the import tells it."""
        return {name: grams / 1000 for name, grams in self.grams.items()}


FIRMS = {
    "大米": "枣阳市鼎鑫粮油贸易有限公司",
    "鸡蛋": "清河镇兴旺养殖专业合作社",
    "猪肉": "鑫源冷鲜肉配送有限公司",
    "小白菜": "田园果蔬种植专业合作社",
    "豆腐": "张记豆制品加工坊",
    "牛奶": "襄阳光华乳业有限责任公司",
}
SHORT = {
    "枣阳市鼎鑫粮油贸易有限公司": "鼎鑫粮油",
    "清河镇兴旺养殖专业合作社": "兴旺合作社",
    "鑫源冷鲜肉配送有限公司": "鑫源鲜肉",
    "田园果蔬种植专业合作社": "田园蔬菜",
    "张记豆制品加工坊": "张记豆腐",
    "襄阳光华乳业有限责任公司": "光华乳业",
}
SCHOOLS = [
    ("清河镇第一小学", 412, 120),
    ("清河初级中学", 520, 400),
    ("清河镇中心幼儿园", 88, 0),
    ("王集小学", 230, 0),
    ("刘桥小学", 190, 30),
]


def write_town(folder: Path) -> tuple[Path, Truth]:
    """Write the files below `folder`; returns the folder to import and its truth."""
    root = folder / "清河镇2022-2023学年第二学期"
    root.mkdir(parents=True)
    truth = Truth()
    _schools(root / "各学校基础数据.xls", truth)
    _staff(root / "从业人员健康证登记.xlsx", truth)
    _split_days(root / "清河一小台账.xlsx", truth)
    _months(root / "清河初中_食材进出库.xls", truth)
    (root / "王集小学").mkdir()
    _pages(root / "王集小学" / "进货台账.xlsx", truth)
    _comma(root / "中心幼儿园采购登记.csv", truth)
    _web(root / "刘桥小学购进记录.xls", truth)
    _menu_down(root / "营养餐食谱.xlsx", truth)
    (root / "~$从业人员健康证登记.xlsx").write_bytes(b"lock")
    (root / "说明.txt").write_text("以上表格由各校填报", encoding="gb18030")
    return root, truth


def _xls(
    path: Path, sheets: dict[str, list[list[Any]]], merges: dict[str, list[tuple[int, int, int, int]]] | None = None
) -> None:
    book = xlwt.Workbook()
    day_style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in (merges or {}).get(name, [])}
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if (row, column) in merged:
                    bottom, right = merged[row, column]
                    sheet.write_merge(row, bottom, column, right, cell)
                elif cell is not None:
                    sheet.write(row, column, cell, *([day_style] if isinstance(cell, date) else []))
    book.save(str(path))


def _xlsx(path: Path, sheets: dict[str, list[list[Any]]], merges: dict[str, list[str]] | None = None) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
        for area in (merges or {}).get(name, []):
            sheet.merge_cells(area)
    book.save(path)


def _schools(path: Path, truth: Truth) -> None:
    """.xls, three title lines, groups in the header, 其中：寄宿, a total and two notes."""
    rows: list[list[Any]] = [
        ["清河镇中小学（幼儿园）基础数据一览表", None, None, None, None, None, None, None],
        ["（2022—2023学年度）", None, None, None, None, None, None, None],
        ["填报单位：清河镇中心学校", None, None, None, None, None, "单位：人", None],
        ["编号", "单位名称", "类 别", "在校生情况", None, None, "教职员工数", "供餐方式"],
        [None, None, None, "班级个数", "在校学生数", "其中：寄宿", None, None],
    ]
    for number, (name, pupils, boarders) in enumerate(SCHOOLS, 1):
        told = str(pupils).translate(FULL) if number == 2 else pupils
        rows.append(
            [number, f"{name} ", "小学", 6.0, told, boarders or "/", 30, "学校自办食堂" if number != 4 else "校外配餐"]
        )
        truth.schools += 1
    rows.append(
        [None, "总　计", None, None, sum(p for _n, p, _b in SCHOOLS), sum(b for _n, _p, b in SCHOOLS), None, None]
    )
    rows.append(["填表人：李四", None, None, None, "审核人：", None, None, None])
    _xls(path, {"Sheet1": rows}, {"Sheet1": [(0, 0, 0, 7), (1, 0, 1, 7), (3, 3, 3, 5)]})


def _staff(path: Path, truth: Truth) -> None:
    """School named once for its people (merged), two header lines, an identity number that must not be kept."""
    rows: list[list[Any]] = [
        ["清河镇学校食堂从业人员健康证登记表"],
        ["序", "所在学校", "姓  名", "性别", "身份证号码", "从事工种", "健康证明", None, "是否培训"],
        [None, None, None, None, None, None, "健康证号", "有效期限", None],
    ]
    merges = ["A1:I1", "G2:H2"]
    people = [
        ("清河镇第一小学", ["刘春梅", "胡家旺"]),
        ("清河初中", ["周国庆", "王小兰", "郑爱华"]),
        ("王集小学", ["马玉珍"]),
    ]
    number = 0
    for school, names in people:
        first = len(rows) + 1
        for position, name in enumerate(names):
            number += 1
            rows.append([number, school if position == 0 else None, name, "女" if number % 2 else "男", "420606197803041028",
                         "厨师", f"鄂卫健{number:05d}", "2023.12.31" if number % 2 else "2024年1月5日", "√"])  # fmt: skip
            truth.staff += 1
        if len(names) > 1:
            merges.append(f"B{first}:B{len(rows)}")
    rows.append([7, None, None, None, None, None, None, None, None])
    rows.append([8, None, None, None, None, None, None, None, None])
    _xlsx(path, {"花名册": rows}, {"花名册": merges})


def _split_days(path: Path, truth: Truth) -> None:
    """月 | 日 in two columns, the year in the folder's name, 数量(斤), ditto marks, price in 元/斤, sums by the month."""
    rows: list[list[Any]] = [
        ["清河一小食品购进登记簿"] + [None] * 9,
        [
            "日期",
            None,
            "品名",
            "规格型号",
            "数量（斤）",
            "单价（元/斤）",
            "总价（元）",
            "供应商",
            "生产日期/批号",
            "收货人",
        ],
        ["月", "日", None, None, None, None, None, None, None, None],
    ]
    goods = [("大米", 100, "2.5"), ("猪肉", 40, "13.2"), ("小白菜", 66, "1.8"), ("豆腐", 31, "2.2")]
    for offset in (0, 1, 3):
        day = date(2023, 2, 27) + timedelta(days=offset)
        for position, (product, jin, price) in enumerate(goods):
            amount = Decimal(price) * jin
            supplier = FIRMS[product] if offset else SHORT[FIRMS[product]]
            rows.append([day.month if position == 0 else None, day.day if position == 0 else None, product, "散装",
                         str(jin).translate(FULL) if position == 2 else jin, float(price), f"¥{amount}", supplier,
                         f"{day:%Y.%m.%d}/{day:%Y%m%d}", "李红、王强"])  # fmt: skip
            truth.add(product, jin * 500, int(amount * 100), FIRMS[product])
        rows.append([None, None, "小  计", None, None, None, None, None, None, None])
    rows.append([None, None, "鸡蛋", None, "20", 5.5, 110, FIRMS["鸡蛋"], "3.1", "李红"])
    truth.add("鸡蛋", 10_000, 11_000, FIRMS["鸡蛋"])
    rows.append([None, None, "鸡蛋", None, 20, 5.5, 110, "〃", "3.1", "〃"])
    truth.add("鸡蛋", 10_000, 11_000, FIRMS["鸡蛋"])
    rows.append([3, 3, "小白菜", None, 10, 2, 20, SHORT[FIRMS["小白菜"]], None, None])
    truth.add("小白菜", 5_000, 2_000, FIRMS["小白菜"])
    rows.append(["备注：本表由保管员填写，每月装订成册。"] + [None] * 9)
    _xlsx(path, {"登记簿": rows}, {"登记簿": ["A1:J1", "A2:B2"]})


def _months(path: Path, truth: Truth) -> None:
    """.xls with a sheet a month and a sheet of what was taken; real day cells, packs, litres, 箱 with two levels."""
    march: list[list[Any]] = [
        ["清河初级中学三月份食材采购入库台账", None, None, None, None, None, None, None],
        ["入库时间", "食材名称", "包装规格", "入库数量", "计量单位", "进价", "合计金额", "配送单位"],
    ]
    april = [["清河初级中学四月份食材采购入库台账"] + [None] * 7, list(march[1])]
    for book, first in ((march, date(2023, 3, 6)), (april, date(2023, 4, 3))):
        for offset in range(3):
            day = first + timedelta(days=offset)
            book.append([day, "大米", "袋×25kg", 4, "袋", 130, 520, SHORT[FIRMS["大米"]]])
            truth.add("大米", 100_000, 52_000, FIRMS["大米"])
            book.append(
                [None, "牛奶", "200g*24盒/箱", 10, "箱", 48.5, 485, FIRMS["牛奶"] if offset else SHORT[FIRMS["牛奶"]]]
            )
            truth.add("牛奶", 48_000, 48_500, FIRMS["牛奶"])
            book.append([None, "牛奶", "200g*24盒/箱", 12, "盒", 2.1, 25.2, FIRMS["牛奶"]])
            truth.add("牛奶", 2_400, 2_520, FIRMS["牛奶"])
            book.append([None, "猪肉", None, "12.5斤", None, 13, 162.5, SHORT[FIRMS["猪肉"]]])
            truth.add("猪肉", 6_250, 16_250, FIRMS["猪肉"])
            book.append([None] * 8)
        book.append(["合计", None, None, None, None, None, 520 * 3 + 485 * 3 + 25.2 * 3 + 162.5 * 3, None])
    taken: list[list[Any]] = [["日期", "用餐", "物资名称", "领用数量(公斤)", "领用人"]]
    for day, meal, product, kg in (
        (date(2023, 3, 6), "中餐", "大米", 60), (date(2023, 3, 6), "晚饭", "大米", 30), (date(2023, 3, 7), "午餐", "大米", 55.5),
        (date(2023, 3, 7), "早饭", "牛奶", 40),
    ):  # fmt: skip
        taken.append([day, meal, product, kg, "赵师傅"])
        truth.issues += 1
    _xls(path, {"3月": march, "4月": april, "领用": taken})


def _pages(path: Path, truth: Truth) -> None:
    """A form a day, below each other: the day in a line above each header; header repeated; signatures between."""
    rows: list[list[Any]] = []
    for offset in range(3):
        day = date(2023, 5, 8) + timedelta(days=offset)
        rows.append(["食品原料进货查验记录表"] + [None] * 6)
        rows.append([f"日期：{day.year}年{day.month}月{day.day}日", None, None, None, "计量单位：公斤", None, None])
        rows.append(["序号", "名称", "数量", "金额", "供货者名称", "感官性状", "验收人员签名"])
        for number, (product, kg, yuan) in enumerate(
            (("大米", 25, 120), ("豆腐", "６．５", "32.5元"), ("鸡蛋", 8.25, 90.75)), 1
        ):
            rows.append([number, product, kg, yuan, SHORT[FIRMS[product]], "正常", "陈某"])
            grams = {"大米": 25_000, "豆腐": 6_500, "鸡蛋": 8_250}[product]
            truth.add(product, grams, {"大米": 12_000, "豆腐": 3_250, "鸡蛋": 9_075}[product], FIRMS[product])
        rows.append(["合计：", None, None, 243.25, None, None, None])
        rows.append(["审核：", None, "制表：王某", None, None, None, None])
    _xlsx(path, {"查验记录": rows})


def _comma(path: Path, truth: Truth) -> None:
    """GBK text with commas, days without a year, thousands with a comma, trailing spaces."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["采购日期", "商品名称", "重量", "单位", "金额", "来源"])
    for offset in range(3):
        day = date(2023, 3, 13) + timedelta(days=offset)
        writer.writerow(
            [
                f"{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}",
                "小白菜 ",
                "3,000" if offset == 0 else "12",
                "克" if offset == 0 else "千克",
                "1,036.50",
                FIRMS["小白菜"],
            ]
        )
        truth.add("小白菜", 3_000 if offset == 0 else 12_000, 103_650, FIRMS["小白菜"])
        writer.writerow(["", "鸡蛋", "7.5", "KG", "82.5", "同上" if offset == 2 else SHORT[FIRMS["鸡蛋"]]])
        truth.add("鸡蛋", 7_500, 8_250, FIRMS["小白菜"] if offset == 2 else FIRMS["鸡蛋"])
    path.write_bytes(out.getvalue().encode("gb18030"))


def _web(path: Path, truth: Truth) -> None:
    """A web page saved as .xls, as some systems export; day cells span the rows of the day."""
    lines = ["<tr><th>购进日期</th><th>产品名称</th><th>数量</th><th>单位</th><th>金额(元)</th><th>供货商</th></tr>"]
    for offset in range(2):
        day = date(2023, 6, 1) + timedelta(days=offset)
        for position, (product, kg) in enumerate((("大米", 50), ("猪肉", 10))):
            cell = f"<td rowspan='2'>{day:%Y/%m/%d}</td>" if position == 0 else ""
            lines.append(
                f"<tr>{cell}<td>{product}</td><td>{kg}</td><td>公斤</td><td>{kg * 3}.00</td><td>{FIRMS[product]}</td></tr>"
            )
            truth.add(product, kg * 1000, kg * 300, FIRMS[product])
    path.write_text(
        f"<html><meta charset='utf-8'><body><table>{''.join(lines)}</table></body></html>", encoding="utf-8"
    )


def _menu_down(path: Path, truth: Truth) -> None:
    """Days down, meals across, weekday in its own column, ingredients after a colon, 克 per head."""
    rows: list[list[Any]] = [["清河镇学生营养餐带量食谱（单位：克/人）"], ["日期", "星期", "早餐", "中餐", "晚餐"]]
    for offset in range(5):
        day = date(2023, 3, 6) + timedelta(days=offset)
        rows.append([f"{day.month}.{day.day}", f"星期{'一二三四五'[offset]}", "牛奶（牛奶200克）；馒头（面粉80克）",
                     "米饭：大米90克\n小白菜炒肉：小白菜100克，猪肉40克", "米饭：大米90克\n麻婆豆腐：豆腐80克、猪肉15克"])  # fmt: skip
        truth.menus += 3
    _xlsx(path, {"第5周": rows}, {"第5周": ["A1:E1"]})
