"""Labels: a code that a phone scans or a person types, the page of what it stands on, and sheets to print."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from houqin.core.scope.viewer import Viewer
from houqin.lib.codes import write_label_code

Text = str | Promise
# How many labels a page holds: three columns of eight on A4, or one on the strip of a label printer.
SIZES = {"sheet": 24, "small": 1}


@dataclass(frozen=True)
class Label:
    """What is printed on one label: what it is, where it belongs, and its code."""

    title: Text
    lines: Sequence[Text]
    code: str

    @property
    def written(self) -> str:
        """The code in groups, for eyes and keyboards."""
        return write_label_code(self.code)


Resolver = Callable[[Viewer, str], str]
_resolvers: dict[str, Resolver] = {}


def resolver(kind: str) -> Callable[[Resolver], Resolver]:
    """Register how labels of one kind lead to a page: (viewer, code) → address, empty when it is none of theirs."""

    def register(function: Resolver) -> Resolver:
        _resolvers[kind] = function
        return function

    return register


def find(viewer: Viewer, code: str) -> str:
    """The page of what carries this code, empty when nothing within reach does."""
    return next((url for one in _resolvers.values() if (url := one(viewer, code))), "")


def qr_svg(text: str) -> SafeString:
    """A QR code that fills its place; error correction M, since labels get wet."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return SafeString(drawn)


def label_qr(request: HttpRequest, code: str) -> SafeString:
    """The QR code of a label: the full address under which a phone's own camera opens it."""
    return qr_svg(request.build_absolute_uri(reverse("ui:label", args=[code])))


def sheet(request: HttpRequest, labels: Sequence[Label], *, title: Text) -> HttpResponse:
    """The labels, ready to print."""
    size = "small" if request.GET.get("size") == "small" else "sheet"
    pages = [labels[start : start + SIZES[size]] for start in range(0, len(labels), SIZES[size])]
    context = {"title": title, "labels": labels, "pages": pages, "size": size}
    return render(request, "ui/labels.html", context)
