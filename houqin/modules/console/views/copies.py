"""A copy of everything that is kept of one person, as a workbook with a sheet for each table."""

import io
from typing import Any
from uuid import UUID

import xlsxwriter
from django.http import FileResponse, HttpRequest
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from houqin.core.people.actions.copying import copy_personal_data
from houqin.core.people.copying import Copied
from houqin.core.people.models import Person, Pupil
from houqin.lib.text import harmless
from houqin.ui.pages import page
from houqin.ui.screens.export import XLSX

LONGEST_NAME = 28


@page(permission="people.erase")
@require_safe
def of_staff(request: HttpRequest, ref: UUID) -> FileResponse:
    """Of somebody who works or worked here."""
    return _answer(request, Person.objects.get_visible(request.viewer, public_id=ref))  # type: ignore[attr-defined]


@page(permission="people.erase")
@require_safe
def of_pupil(request: HttpRequest, ref: UUID) -> FileResponse:
    """Of a child."""
    return _answer(request, Pupil.objects.get_visible(request.viewer, public_id=ref))  # type: ignore[attr-defined]


def _answer(request: HttpRequest, subject: Any) -> FileResponse:
    found = copy_personal_data(subject, by=request.viewer)  # type: ignore[attr-defined]
    name = f"{_('Copy of personal data')} {subject.public_id.hex[-8:]}.xlsx"
    return FileResponse(_workbook(found), as_attachment=True, filename=name, content_type=XLSX)


def _workbook(found: list[Copied]) -> io.BytesIO:
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


urlpatterns = [
    path("staff/<uuid:ref>/copy/", of_staff, name="staff-copy"),
    path("pupils/<uuid:ref>/copy/", of_pupil, name="pupils-copy"),
]
