"""The shell's own pages: Today, search, scope, notices, more."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from houqin.core.notices.actions import mark_read
from houqin.ui import filing, focus, inbox, search, today
from houqin.ui.pages import back_from, page

HITS = 8
MORE_HITS = 50
app_name = "ui"


@page()
def home(request: HttpRequest) -> HttpResponse:
    """Today: what is due, for whoever looks."""
    viewer = request.viewer  # type: ignore[attr-defined]
    groups = today.gather(viewer)
    open_rows = groups["overdue"] + groups["now"] + groups["later"]
    context = {
        "groups": groups,
        "nothing": not open_rows,
        "done": sum(row.count for row in groups["done"]),
        "panels": today.panels(viewer),
    }
    return render(request, "ui/today.html", context)


@page()
def find(request: HttpRequest) -> HttpResponse:
    """Search, as a page and as suggestions while typing."""
    text = request.GET.get("q", "")[:80]
    partial = request.headers.get("HX-Target") == "hits"
    found = search.find(request.viewer, text, HITS if partial else MORE_HITS)  # type: ignore[attr-defined]
    context = {"text": text, "found": found, "asked": len(text.strip()) >= search.SHORTEST, "partial": partial}
    return render(request, "ui/bits/hits.html" if partial else "ui/search.html", context)


@page()
def scope(request: HttpRequest) -> HttpResponse:
    """Choose the part of the tree that lists show."""
    viewer = request.viewer  # type: ignore[attr-defined]
    back = back_from(request)
    text = request.GET.get("q", "").strip()[:80]
    at = request.GET.get("at")
    path_now = focus.named(at, viewer) if at else ("" if at == "" else focus.focus_of(request).path)
    context = {
        "next": back.partition("?")[0],
        "text": text,
        "chain": focus.chain(path_now, viewer),
        "units": focus.called(text, viewer) if text else focus.below(path_now, viewer),
    }
    return render(request, "ui/scope.html", context)


@page()
def notices(request: HttpRequest) -> HttpResponse:
    """The inbox."""
    rows = list(inbox.newest(request.viewer))  # type: ignore[attr-defined]
    unread = sum(row.read_at is None for row in rows)
    return render(request, "ui/notices.html", {"rows": rows, "unread": unread})


@page()
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a notice: it counts as read, and leads to its page."""
    viewer = request.viewer  # type: ignore[attr-defined]
    row = inbox.one(viewer, pk)
    mark_read([row.pk], by=viewer)
    ours = url_has_allowed_host_and_scheme(row.url, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(row.url) if row.url and ours else render(request, "ui/notice.html", {"row": row})


@require_POST
@page()
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark the whole inbox as read, or what is ticked in it."""
    picked = [int(text) for text in request.POST.getlist("pick") if text.isdigit()]
    mark_read(picked if "ticked" in request.POST else None, by=request.viewer)  # type: ignore[attr-defined]
    return HttpResponseRedirect(back_from(request))


@page()
def more(request: HttpRequest) -> HttpResponse:
    """Everything there is, for a phone's last button."""
    return render(request, "ui/more.html")


urlpatterns = [
    path("", home, name="home"),
    path("search/", find, name="search"),
    path("scope/", scope, name="scope"),
    path("notices/", notices, name="notices"),
    path("notices/<int:pk>/", open_notice, name="notice"),
    path("notices/read/", read_all, name="notices-read"),
    path("more/", more, name="more"),
    path("files/<uuid:ref>/", filing.whole, name="file"),
    path("files/<uuid:ref>/small/", filing.small, name="file-small"),
]
