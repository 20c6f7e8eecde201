"""A copy of everything that is kept of one person, as a workbook with a sheet for each table."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from houqin.core.people.actions.copying import copy_personal_data
from houqin.core.people.models import Person, Pupil
from houqin.modules.console.copies import workbook
from houqin.ui.pages import page
from houqin.ui.screens.export import XLSX


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
    return FileResponse(workbook(found), as_attachment=True, filename=name, content_type=XLSX)


urlpatterns = [
    path("staff/<uuid:ref>/copy/", of_staff, name="staff-copy"),
    path("pupils/<uuid:ref>/copy/", of_pupil, name="pupils-copy"),
]
