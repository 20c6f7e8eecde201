"""Another system on this machine, for tests: answers as told and keeps what it got."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from django.test import override_settings


@dataclass
class Receiver:
    """Where it listens, what it answers, and the headers and body of each message that it got."""

    url: str
    answers: int = 200
    location: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def listening() -> Generator[Receiver, None, None]:
    """A receiver that takes messages until the end; addresses inside are let through meanwhile."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((dict(self.headers.items()), body))
            self.send_response(found.answers)
            if found.location:
                self.send_header("Location", found.location)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}/hook?x=1")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        with override_settings(WEBHOOKS_INSIDE=True):
            yield found
    finally:
        server.shutdown()
        server.server_close()
