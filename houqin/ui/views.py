"""The shell's own pages: Today, search, scope, notices, more."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from houqin.core.notices.actions import mark_read
from houqin.core.people.actions.sign_in import sign_out_everywhere
from houqin.lib.codes import read_label_code
from houqin.lib.numbers import whole
from houqin.ui import filing, focus, inbox, installing, labels, offline, pin, search, today
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
        "kept_pages": offline.pages_for(viewer),
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
    picked = [number for text in request.POST.getlist("pick") if (number := whole(text)) is not None]
    mark_read(picked if "ticked" in request.POST else None, by=request.viewer)  # type: ignore[attr-defined]
    return HttpResponseRedirect(back_from(request))


@require_POST
@page()
def leave_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out here and on every other device."""
    sign_out_everywhere(request.user, by=request.viewer)  # type: ignore[arg-type, attr-defined]
    logout(request)
    messages.success(request, _("You are signed out on all devices."))
    return redirect("account_login")


@page()
def label(request: HttpRequest, code: str = "") -> HttpResponse:
    """To the page of what carries the code that was scanned or typed; a field for it where there is none yet."""
    typed = code or request.GET.get("code", "").strip()
    read = read_label_code(typed)
    url = labels.find(request.viewer, read) if read else ""  # type: ignore[attr-defined]
    if url:
        return HttpResponseRedirect(url)
    context = {"title": _("Find by label"), "typed": typed[:300], "refused": bool(typed)}
    return render(request, "ui/label.html", context, status=404 if typed else 200)


@page()
def more(request: HttpRequest) -> HttpResponse:
    """Everything there is, for a phone's last button."""
    return render(request, "ui/more.html")


@page()
def waiting(request: HttpRequest) -> HttpResponse:
    """What was entered on this device and waits to be sent; filled in by the device itself."""
    return render(request, "ui/waiting.html")


@page()
def without_network(request: HttpRequest) -> HttpResponse:
    """What a phone shows without network in place of a page that it does not keep."""
    return render(request, "ui/offline.html")


@page(public=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it serves all pages; always asked for anew."""
    return HttpResponse(installing.worker(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@page(public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put Houqin on its home screen."""
    return JsonResponse(installing.manifest(), content_type="application/manifest+json")


urlpatterns = [
    path("", home, name="home"),
    path("search/", find, name="search"),
    path("scope/", scope, name="scope"),
    path("notices/", notices, name="notices"),
    path("notices/<int:pk>/", open_notice, name="notice"),
    path("notices/read/", read_all, name="notices-read"),
    path("more/", more, name="more"),
    path("q/", label, name="label-find"),
    path("q/<str:code>/", label, name="label"),
    path("sign-out-everywhere/", leave_everywhere, name="sign-out-everywhere"),
    path("pin/", pin.own_pin, name="pin"),
    path("waiting/", waiting, name="waiting"),
    path("offline/", without_network, name="offline"),
    path("sw.js", worker, name="worker"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("files/<uuid:ref>/", filing.whole, name="file"),
    path("files/<uuid:ref>/small/", filing.small, name="file-small"),
]
