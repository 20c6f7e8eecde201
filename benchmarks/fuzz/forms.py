"""Claim: no form with garbage in its entries breaks or takes longer than two seconds; texts where files belong, files where texts do."""

from os.path import basename
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st

from benchmarks.fuzz.doors import Knocker, Watch, clients, fields_of, names_read, opener
from benchmarks.fuzz.drawing import draw_each
from benchmarks.fuzz.garbage import NASTY, entries
from tests.matrix.opened import opened
from tests.world import World

NOT_SENT = {"csrfmiddlewaretoken"}
HEADS = (
    b"",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"PK\x03\x04",
    b"%PDF-1.7",
    b"<svg/onload=alert(1)>",
    b"\x00" * 600,
    b"a,b\n1,2\n",
)
BODIES = (
    '{"a":' * 5_000,
    "[" * 20_000,
    '"\\ud800"',
    "null",
    "1e400",
    "\x00",
    "{}",
    "[]",
    '{"code":{"a":[1]},"org":1e99}',
)


def run(examples: int, world: World) -> dict[str, Any]:
    """So many posts over all addresses, each sent by somebody who may open the page."""
    watch, knockers = Watch(), clients(world)
    doors = {}
    for url in dict(opened(world)).values():
        who, answer, _names = opener(knockers, url)
        usual = {**_read_by(knockers[who], watch, url), **fields_of(answer)}
        doors[url] = knockers[who], _posts(usual)

    def send(drawn: tuple[str, dict[str, Any]]) -> None:
        url, given = drawn
        watch.knock(doors[url][0], "post", url, **given)

    draw_each(
        st.sampled_from(sorted(doors)).flatmap(lambda url: st.tuples(st.just(url), doors[url][1])), examples, send
    )
    return {"addresses": len(doors), **watch.report()}


def _read_by(client: Knocker, watch: Watch, url: str) -> dict[str, list[str]]:
    """The names that an empty post makes the page look for; a formset then tells those of its lines."""
    with names_read() as names:
        watch.knock(client, "post", url)
    totals = {name: ["2"] for name in names if name.endswith("-TOTAL_FORMS")}
    totals |= {name.replace("TOTAL", "INITIAL"): ["0"] for name in totals}
    if totals:
        with names_read() as lines:
            watch.knock(client, "post", url, data=totals)
        names |= lines
    return {name: totals.get(name, [""]) for name in names - NOT_SENT if not name.startswith("HTTP_")}


def _posts(usual: dict[str, list[str]]) -> st.SearchStrategy[dict[str, Any]]:
    """What the test client is given: mostly entries, sometimes files under their names, a body that is none, or a partial request."""
    typed = entries(usual).map(lambda one: {"data": one})
    names = sorted(usual) or ["x"]
    files = st.dictionaries(st.sampled_from(names), _files(), min_size=1, max_size=2)
    mixed = st.tuples(entries(usual), files).map(lambda both: {"data": {**both[0], **both[1]}})
    body = st.tuples(
        st.sampled_from(BODIES),
        st.sampled_from(["application/json", "text/plain", "application/x-www-form-urlencoded"]),
    )
    raw = body.map(lambda one: {"data": one[0], "content_type": one[1]})
    return st.one_of(typed, typed, typed, mixed, raw)


def _files() -> st.SearchStrategy[SimpleUploadedFile]:
    named = [one for one in NASTY if basename(one) not in {"", ".", ".."} and not {"\x00", "\n", "\r"} & set(one)]
    names = st.sampled_from([*named, "a.jpg", "a.xlsx", "a.csv"])
    content = st.tuples(st.sampled_from(HEADS), st.binary(max_size=200)).map(b"".join)
    return st.tuples(names, content).map(lambda one: SimpleUploadedFile(one[0][:300], one[1]))
