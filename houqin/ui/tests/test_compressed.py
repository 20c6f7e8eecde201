"""Pages leave compressed where the browser takes it; what is compressed already leaves as it is."""

import gzip

from django.http import HttpRequest, HttpResponse

from houqin.ui.compressed import CompressedPages

LONG = b"<p>one line like the next</p>" * 100


def answered(kind: str, accepts: str) -> HttpResponse:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepts
    return CompressedPages(lambda _request: HttpResponse(LONG, content_type=kind))(request)


def test_a_page_is_compressed_and_says_so():
    answer = answered("text/html; charset=utf-8", "gzip, deflate")
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == LONG
    assert len(answer.content) < len(LONG) / 5
    assert "Accept-Encoding" in answer["Vary"]


def test_a_browser_that_takes_none_gets_the_page_itself():
    answer = answered("text/html; charset=utf-8", "identity")
    assert "Content-Encoding" not in answer
    assert answer.content == LONG


def test_a_photo_leaves_as_it_is():
    answer = answered("image/webp", "gzip")
    assert "Content-Encoding" not in answer
    assert answer.content == LONG
