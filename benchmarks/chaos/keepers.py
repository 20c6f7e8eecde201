"""Two keepers with phones: each books goods out of store over HTTP and repeats under the same key until it is answered."""

import http.client
import threading
import time
import urllib.parse
from uuid import uuid4

from django.conf import settings

from benchmarks.chaos.journal import Journal
from benchmarks.chaos.scene import Phone

TOKEN = "c" * 32
PATIENCE_SECONDS = 15.0
PAUSE_SECONDS = 0.15
STOP = "stop"


def work(phones: list[Phone], port: int, journal: Journal) -> None:
    """All phones at once, until the journal says stop: each ends with what it began."""
    threads = [threading.Thread(target=_keeper, args=(phone, port, journal)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _keeper(phone: Phone, port: int, journal: Journal) -> None:
    while not journal.path.with_suffix(f".{STOP}").exists():
        key = str(uuid4())
        journal.write("try", key)
        while (status := _send(phone, port, key)) != 200:
            journal.write(f"status-{status}", key)
            time.sleep(PAUSE_SECONDS)
        journal.write("ack", key)
        time.sleep(PAUSE_SECONDS)


def _send(phone: Phone, port: int, key: str) -> int:
    """One try, as the page's script sends it; 0 when nobody answers."""
    fields = {"csrfmiddlewaretoken": TOKEN, "_key": key, "grams": "0.01", "reason": key}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(
            "POST", f"/canteen/lots/{phone.lot}/return-to-supplier/", urllib.parse.urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded", "X-Houqin-Queued": "later",
             "X-Houqin-Account": phone.account,
             "Cookie": f"{settings.SESSION_COOKIE_NAME}={phone.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"},
        )  # fmt: skip
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
