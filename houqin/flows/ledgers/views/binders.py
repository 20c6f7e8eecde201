"""Pages of binders: ask for one, see how far it is, take it home."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from houqin.core.files.keeping import open_bytes
from houqin.core.jobs import progress
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.actions.binders import SEE_NAMES, ask_binder, take_binder
from houqin.flows.seals.models import Binder
from houqin.flows.seals.queries import units_with_chains
from houqin.ui.pages import page
from houqin.ui.screens import (
    Action,
    Badge,
    Block,
    Column,
    Day,
    DayField,
    Facts,
    Family,
    Instant,
    RowField,
    Screen,
    Timeline,
)
from houqin.ui.screens.forms import VerbForm


def _units(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    return units_with_chains(viewer)


class BinderForm(VerbForm):
    """Whose records, of which days."""

    org = RowField(_units, label=_("Unit"))
    first = DayField(label=_("From"))
    last = DayField(label=_("Until"))
    names = forms.BooleanField(
        label=_("With names and health data"), required=False,
        help_text=_("Only where the law or the persons ask for it. Without it the binder proves the same."),
    )  # fmt: skip

    def setup(self) -> None:
        """Names are offered to those who may see them."""
        if not self.viewer.may_anywhere(SEE_NAMES):
            del self.fields["names"]


def _usual(row: Any, viewer: Viewer) -> dict[str, Any]:
    """This school year so far."""
    today = viewer.today
    year = today.year if today.month >= 9 else today.year - 1
    return {"first": today.replace(year=year, month=9, day=1), "last": today}


def _state(row: Binder, viewer: Viewer) -> dict[str, Any]:
    may = viewer.may(SEE_NAMES if row.names else "seals.check", row.org.path)
    step = progress.read(row.progress_key) if row.state == Binder.State.BUILDING else None
    return {"binder": row, "may": may, "step": step}


class BinderScreen(Screen):
    """Binders that were asked for."""

    model = Binder
    slug = "binders"
    title = _("Binders of sealed records")
    family = Family.GOVERN
    icon = "file-zip"
    order = 62
    columns = (
        Column("org", card="title"),
        Day("first"),
        Day("last"),
        Badge("state", tones={"building": "info", "ready": "plain", "gone": "quiet"}),
        Column("names"),
        Instant("asked_at", sort=True),
        Column("account"),
    )
    filters = {"state": "choice", "asked_at": "range"}
    search = ("org__name",)
    sort = "-asked_at"
    panels = (
        Block("ledgers/binders/state.html", _state),
        Facts([Column("org"), Day("first"), Day("last"), Column("names"), Instant("asked_at"), Column("account")]),
        Timeline(),
    )
    create = Action(
        verb=ask_binder, label=_("Ask for a binder"), permission="seals.check", form=BinderForm, icon="file-zip",
        initial=_usual, done=_("It is being put together. You can leave this page; it will lie ready here."),
        help=_("One ZIP with all entries and photos, their seals, and a program that checks them without Houqin."),
    )  # fmt: skip
    empty = _("Take the sealed records of a term or a year home: readable, printable, and provable without Houqin.")


@page(permission="seals.check")
def binder_progress(request: HttpRequest, ref: UUID) -> HttpResponse:
    """How far it is; when it is over, the page is drawn anew."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = Binder.objects.get_visible(viewer, public_id=ref)
    if row.state == Binder.State.BUILDING:
        return render(request, "ledgers/binders/step.html", _state(row, viewer))
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = reverse("ledgers:binders-detail", args=[row.public_id])
    return answer


@page(permission="seals.check")
@require_POST
def take(request: HttpRequest, ref: UUID) -> FileResponse:
    """The ZIP itself; that it was taken is recorded."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = take_binder(Binder.objects.get_visible(viewer, public_id=ref), by=viewer)
    return FileResponse(
        open_bytes(file.blob), as_attachment=True, filename=f"{file.name}.zip", content_type="application/zip"
    )


urlpatterns = [
    path("binders/<uuid:ref>/progress/", binder_progress, name="binders-progress"),
    path("binders/<uuid:ref>/take/", take, name="binders-take"),
    *BinderScreen.urls(),
]
