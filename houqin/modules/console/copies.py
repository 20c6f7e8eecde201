"""A copy of everything that is kept of one person as a workbook."""

import io

import xlsxwriter

from houqin.core.people.copying import Copied
from houqin.lib.text import harmless

LONGEST_NAME = 28


def workbook(found: list[Copied]) -> io.BytesIO:
    """A sheet for each table."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        for number, table in enumerate(found, 1):
            sheet = book.add_worksheet(f"{number} {_plain(str(table.name))}"[:LONGEST_NAME])
            for line, cells in enumerate([table.heads, *table.rows]):
                for place, text in enumerate(cells):
                    sheet.write_string(line, place, harmless(text))
    out.seek(0)
    return out


def _plain(name: str) -> str:
    """Without the signs that a sheet's name may not hold."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name)
