"""One knock: a request whose answer is watched, and of which nothing is left in the database."""

import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from unittest.mock import patch

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.utils.datastructures import MultiValueDict
from lxml import html

SLOWEST_SECONDS = 2.0
"""Of this process, which on SQLite is the database as well; a statement that PostgreSQL thinks long about is slow there too."""
WHO = ("gao", "bo", "an", "op", "lin", "shi", "wu", "eve", "du")
"""In this order somebody is looked for who may open an address."""


class Knocker(Client):
    """One of the cast; an error is an answer, as over the network, and what signed them out did not."""

    def __init__(self, account: Any) -> None:
        super().__init__(raise_request_exception=False)
        self.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.own_cookies = self.cookies.output(header="", sep=";")


@dataclass
class Watch:
    """What was sent, and what went wrong."""

    sent: int = 0
    slowest: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def knock(self, client: Knocker, method: str, address: str, **given: Any) -> HttpResponseBase:
        """Send it, read the answer to its end and put the database back."""
        answer, seconds = _timed(client, method, address, given)
        if seconds > SLOWEST_SECONDS:  # once more: it may have filled a cache
            answer, again = _timed(client, method, address, given)
            seconds = min(seconds, again)
        self.sent += 1
        self.answers[answer.status_code] += 1
        self.slowest = max(self.slowest, seconds)
        told = f"{method.upper()} {address[:300]} {str(given)[:600]}"
        if answer.status_code >= 500:
            self.faults.setdefault(_where(answer), told)
        elif seconds > SLOWEST_SECONDS:
            self.faults.setdefault(f"{seconds:.1f} s: {address.partition('?')[0]}", told)
        return answer

    def report(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "sent": self.sent,
            "slowest_seconds": round(self.slowest, 2),
            "answers": dict(sorted(self.answers.items())),
            "faults": self.faults,
        }


def _timed(client: Knocker, method: str, address: str, given: dict[str, Any]) -> tuple[HttpResponseBase, float]:
    client.cookies = SimpleCookie(client.own_cookies)
    cache.clear()  # limits of one knock are not those of the next
    start = time.process_time()  # not the clock: other processes take their share of the machine
    with transaction.atomic():
        answer = getattr(client, method)(address, **given)
        _read(answer)
        transaction.set_rollback(True)
    return answer, time.process_time() - start


def _read(answer: Any) -> None:
    """To its end: what breaks on the way is worse than a refusal before it."""
    try:
        if answer.streaming:
            b"".join(answer.streaming_content)
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        answer.status_code, answer.exc_info = 500, sys.exc_info()


def _where(answer: Any) -> str:
    """The error, and the last line of ours that it came through."""
    if answer.exc_info is None:
        return f"{answer.status_code}"
    kind, error, trace = answer.exc_info
    ours = [frame for frame in traceback.extract_tb(trace) if "/houqin/" in frame.filename]
    place = f"{ours[-1].filename.partition('/houqin/')[2]}:{ours[-1].lineno}" if ours else "?"
    return f"{kind.__name__} {str(error)[:120]!r} {place}"


def clients(world: Any) -> dict[str, Knocker]:
    """Each of the cast, signed in."""
    return {name: Knocker(account) for name, account in world.cast.items()}


def opener(knockers: dict[str, Knocker], address: str) -> tuple[str, HttpResponseBase, set[str]]:
    """Who may open an address, what it answers to them, and the names that it read."""
    found = []
    for name in WHO:
        with names_read() as names:
            answer, _seconds = _timed(knockers[name], "get", address, {})
        found.append((name, answer, names))
        if answer.status_code not in {403, 404}:
            break
    return found[-1]


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names that are looked up in what was sent, whatever view, form or filter does it."""
    found: set[str] = set()

    def note(method: str) -> Any:
        original = getattr(MultiValueDict, method)

        def noted(self: Any, key: Any, *more: Any, **options: Any) -> Any:
            if isinstance(key, str):
                found.add(key)
            return original(self, key, *more, **options)

        return patch.object(MultiValueDict, method, noted)

    with (
        note("__getitem__"),
        note("getlist"),
        patch.object(MultiValueDict, "__contains__", _noting(found), create=True),
    ):
        yield found


def _noting(found: set[str]) -> Any:
    def contains(self: Any, key: Any) -> bool:
        if isinstance(key, str):
            found.add(key)
        return dict.__contains__(self, key)

    return contains


def fields_of(answer: HttpResponseBase) -> dict[str, list[str]]:
    """The entries of a page's form as a browser would send them."""
    content = getattr(answer, "content", b"")
    if answer.status_code >= 400 or not content or "html" not in answer.get("Content-Type", ""):
        return {}
    found: dict[str, list[str]] = {}
    for form in html.document_fromstring(content).forms:
        if (form.method or "").upper() == "POST":
            for name in {one.name for one in form.inputs if getattr(one, "name", None)}:
                found.setdefault(name, [str(form.fields[name])] if isinstance(form.fields.get(name), str) else [""])
    return found
