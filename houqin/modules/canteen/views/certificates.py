"""索证索票: the papers of goods are credentials; their page says for which deliveries they were shown."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.flows.credentials.columns import FURTHER
from houqin.modules.canteen.queries.certificates import shown_for
from houqin.ui.pages import page
from houqin.ui.screens import Column, Day, Link, Rows, Weight

FURTHER.append(
    Rows(
        shown_for,
        [Column("lot", _("Goods")), Day("delivered_on"), Link("delivery"), Weight("quantity_grams")],
        title=_("Shown for"), limit=30, keep_empty=False,
    )
)  # fmt: skip


@page(permission="credentials.view")
def moved(request: HttpRequest, ref: UUID | None = None) -> HttpResponse:
    """Addresses of the time when the canteen kept these papers by itself lead to the same papers."""
    return redirect("credentials:papers-detail", ref) if ref else redirect("credentials:papers")


urlpatterns = [
    path("certificates/", moved, name="certificates"),
    path("certificates/<uuid:ref>/", moved, name="certificates-detail"),
]
