"""Two child processes under one foreground process: they start together and stop together, whatever ends first."""

import ctypes
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import FrameType

PATIENCE_SECONDS = 15.0
TICK_SECONDS = 0.1
PR_SET_PDEATHSIG = 1
Children = dict[str, "subprocess.Popen[bytes]"]


class _Stop:
    """Set by the first signal; a second one no longer waits."""

    def __init__(self) -> None:
        self.count = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._take)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux the kernel ends a child whose parent was killed, so that nothing keeps the port."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(address: tuple[str, int], name: str, *, tls: bool) -> bool:
    """Whether a page comes back; that the port is open says only that the server waits for the program."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])  # noqa: S104 only compared
    # It asks itself: whether others would accept the certificate is the doctor's question.
    connection = (
        HTTPSConnection(host, address[1], timeout=5, context=ssl._create_unverified_context())  # noqa: S323
        if tls
        else HTTPConnection(host, address[1], timeout=5)
    )
    try:
        connection.request("HEAD", "/", headers={"Host": name})
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def _start(commands: dict[str, list[str]]) -> Children:
    # A session of their own: the terminal's Ctrl-C reaches only this process, which then stops them in order.
    before = _die_with_parent()
    return {
        name: subprocess.Popen(line, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=before)  # noqa: PLW1509
        for name, line in commands.items()
    }


def _send(child: "subprocess.Popen[bytes]", number: int, *, whole_group: bool) -> None:
    try:
        if whole_group:
            os.killpg(child.pid, number)
        else:
            child.send_signal(number)
    except ProcessLookupError:
        return


def _stop(children: Children, stop: _Stop) -> None:
    """Ask, wait a while, then insist."""
    asked = stop.count
    for child in children.values():
        _send(child, signal.SIGTERM, whole_group=False)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and stop.count <= max(asked, 1):
        if all(child.poll() is not None for child in children.values()):
            break
        time.sleep(TICK_SECONDS)
    for child in children.values():
        _send(child, signal.SIGKILL, whole_group=True)
        child.wait()


def run_together(
    commands: dict[str, list[str]],
    address: tuple[str, int],
    announce: Callable[[], None],
    *,
    name: str = "localhost",
    tls: bool = False,
) -> int:
    """Run until a signal (exit 0) or until a child ends by itself (exit 1); announce once the address answers.

    ``name`` is a host name that the web server answers to.
    """
    stop, announced = _Stop(), False
    children = _start(commands)
    try:
        while not stop.count:
            ended = [name for name, child in children.items() if child.poll() is not None]
            if ended:
                sys.stderr.write(f"houqin serve: {ended[0]} ended by itself; stopping.\n")
                return 1
            if not announced and _answers(address, name, tls=tls):
                announce()
                announced = True
            time.sleep(TICK_SECONDS)
        return 0
    finally:
        _stop(children, stop)
