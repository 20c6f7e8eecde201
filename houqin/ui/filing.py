"""Serving files: through their permission, never from a folder; looks at pictures of persons are recorded."""

import logging
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from houqin.core.audit.trail import record, titled
from houqin.core.files.keeping import open_bytes
from houqin.core.files.models import Blob, StoredFile
from houqin.core.files.queries import file_for
from houqin.ui.pages import page
from houqin.ui.screens.photos import WATCHED

log = logging.getLogger("houqin.ui")
titled({"ui.picture_shown": _("Picture of a person shown")})


class BytesGone(Http404):
    """The row stands, its bytes do not: a folder that was not restored with its database."""


HEADERS = {"Cache-Control": "private, no-cache", "Cross-Origin-Resource-Policy": "same-origin"}


@page()
@require_safe
def whole(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """The picture itself."""
    file = file_for(request.viewer, ref)  # type: ignore[attr-defined]
    return _serve(request, file, file.blob)


@page()
@require_safe
def small(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """Its thumbnail."""
    file = file_for(request.viewer, ref)  # type: ignore[attr-defined]
    return _serve(request, file, file.thumbnail)


def _serve(request: HttpRequest, file: StoredFile, blob: Blob | None) -> HttpResponseBase:
    """The bytes in pieces. A browser keeps them but asks each time whether they may still be shown."""
    if blob is None:
        raise Http404
    if file.data_class in WATCHED:
        record("ui.picture_shown", file, by=request.viewer, org=file.org)  # type: ignore[attr-defined]
    etag = f'"{blob.digest}"'
    answer = get_conditional_response(request, etag=etag) or _stream(file, blob)
    for name, value in {**HEADERS, "ETag": etag}.items():
        answer[name] = value
    return answer


def _stream(file: StoredFile, blob: Blob) -> FileResponse:
    try:
        content = open_bytes(blob)
    except FileNotFoundError:
        log.error("the bytes of file %s are gone", file.public_id)
        raise BytesGone(
            gettext("The picture is on record, but its bytes are missing. Tell your administrator.")
        ) from None
    kind = blob.media_type.partition("/")[2]
    return FileResponse(content, content_type=blob.media_type, filename=f"{file.name}.{kind}")
