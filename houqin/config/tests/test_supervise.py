"""Web server and worker start together and stop together; nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

SERVER = """
import http.server, sys
address = ("127.0.0.1", int(sys.argv[1]))
http.server.ThreadingHTTPServer(address, http.server.BaseHTTPRequestHandler).serve_forever()
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
PROGRAM = """
import sys
from houqin.config import supervise
supervise.PATIENCE_SECONDS = 0.5
web = [sys.executable, "-c", sys.argv[2], sys.argv[1]]
other = [sys.executable, "-c", sys.argv[3]]
commands = {"web": web, "worker": other}
sys.exit(supervise.run_together(commands, ("127.0.0.1", int(sys.argv[1])), lambda: print("up", flush=True)))
"""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """Direct children of a process."""
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pids: list[int], within: float = 5.0) -> bool:
    """Whether all these processes have ended."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not any(running(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def running(pid: int) -> bool:
    """Whether a process runs (one that ended and was not yet collected does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def started(other: str) -> tuple["subprocess.Popen[str]", list[int]]:
    """The supervisor, once its web server answers, with the pids of its children."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(free_port()), SERVER, other],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=Path(__file__).resolve().parents[3],
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    return process, children_of(process.pid)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts processes in /proc")
class TestStopping:
    """Whatever ends it, all of it ends."""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_stops_all_of_it_and_is_no_failure(self, number: int) -> None:
        process, children = started("import time; time.sleep(600)")
        assert len(children) == 2
        process.send_signal(number)
        assert process.wait(10) == 0
        assert gone(children)

    def test_a_child_that_does_not_listen_is_ended_all_the_same(self) -> None:
        process, children = started(STUBBORN)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert gone(children)

    def test_when_the_worker_ends_by_itself_the_web_server_stops_and_it_is_a_failure(self) -> None:
        process, children = started("import time; time.sleep(1.5)")
        assert process.wait(10) == 1
        assert gone(children)

    def test_when_it_is_killed_its_children_end_too(self) -> None:
        process, children = started("import time; time.sleep(600)")
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        assert gone(children)
