"""The trace page: ask, read the answer first, see the picture, take it with you, freeze and tell."""

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen import recall_export
from houqin.modules.canteen.queries import asking, flow
from houqin.modules.canteen.queries.trace_rows import meal_rows
from houqin.modules.canteen.queries.whereto import gone
from houqin.ui import nav
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page


@page(permission="canteen.trace")
def trace(request: HttpRequest) -> HttpResponse | FileResponse:
    """Where a batch came from and went to, within the viewer's reach."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    focus = focus_of(request)
    asked = asking.read_asked(viewer, request.GET.dict())
    found = asking.answer(viewer, asked, focus.org)
    context: dict[str, Any] = {
        "asked": asked,
        "trace": found,
        "chain": focus.chain,
        "title": _("Trace"),
        "unit": focus.org,
    }
    if asked.meal is not None:
        context["behind"] = asking.lots_behind(asked.meal)
    if found is None:
        return render(request, "canteen/trace.html", context | {"offered": asking.offered(viewer)})
    if request.GET.get("format") == "xlsx":
        return recall_export.trace_xlsx(found, asked)
    context |= {
        "sentence": flow.sentence(found), "weights": flow.weights_sentence(found),
        "doubtful": flow.doubtful_sentence(found), "gone": gone(found),
    }  # fmt: skip
    if request.GET.get("print"):
        return render(request, "canteen/trace_print.html", context | {"title": _("Trace of a batch")})
    context |= {
        "picture": flow.picture(found, asked.supplier.name), "height": flow.height(found), "left_out": flow.left_out(found),
        "meals": meal_rows(found.meals), "propose_url": _propose_url(viewer, asked, focus.org), "offered": asking.offered(viewer),
    }  # fmt: skip
    return render(request, "canteen/trace.html", context)


def _propose_url(viewer: Viewer, asked: asking.Asked, unit: Any) -> str:
    """Where the recall of what is on screen begins; empty for those who may not begin one."""
    if not viewer.may_anywhere("canteen.propose_recall"):
        return ""
    given = asked.recall_arguments
    if unit is not None and viewer.may("canteen.propose_recall", unit.path):
        given["org"] = str(unit.pk)
    return f"{reverse('canteen:recalls-new')}?{urlencode(given)}"


nav.register(
    nav.NavItem(
        family=Family.SAFE,
        title=_("Trace"),
        url_name="canteen:trace",
        permission="canteen.trace",
        icon="route",
        order=4,
    )
)
urlpatterns = [path("trace/", trace, name="trace")]
