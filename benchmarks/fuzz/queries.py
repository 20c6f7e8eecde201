"""Claim: no address with garbage in its query string breaks or takes longer than two seconds."""

from typing import Any

from hypothesis import strategies as st

from benchmarks.fuzz.doors import Watch, clients, opener
from benchmarks.fuzz.drawing import draw_each
from benchmarks.fuzz.garbage import query
from tests.matrix.opened import opened
from tests.world import World

OF_EVERY_LIST = [
    "q",
    "sort",
    "page",
    "per",
    "view",
    "under",
    "print",
    "full",
    "format",
    "pick",
    "size",
    "next",
    "at",
    "_key",
]


def run(examples: int, world: World) -> dict[str, Any]:
    """So many query strings over all addresses, each sent by somebody who may open the page."""
    watch, knockers = Watch(), clients(world)
    doors = {}
    for url in dict(opened(world)).values():
        who, _answer, names = opener(knockers, url)
        doors[url] = knockers[who], query(sorted(names | set(OF_EVERY_LIST)))

    def send(drawn: tuple[str, str]) -> None:
        url, text = drawn
        watch.knock(doors[url][0], "get", f"{url}?{text}")

    draw_each(
        st.sampled_from(sorted(doors)).flatmap(lambda url: st.tuples(st.just(url), doors[url][1])), examples, send
    )
    return {"addresses": len(doors), **watch.report()}
