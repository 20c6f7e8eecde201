"""A school's own certificate: phones that install the authority accept it, and trust the authority for nothing else."""

import socket
import ssl
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from typer.testing import CliRunner

from houqin.config import certificates
from houqin.config.cli import app
from houqin.config.commands.serving import web_command
from houqin.config.health import https
from houqin.core.scope.refusals import Refused

NAMES = ["houqin.school.example", "192.168.1.10"]


@pytest.fixture
def made(tmp_path: Path) -> certificates.Made:
    return certificates.make(tmp_path / "certificates", NAMES)


def shaken(made: certificates.Made, name: str) -> str:
    """What a client that installed the authority says to the server under this name."""
    server, client = socket.socketpair()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(made.certificate, made.key)

    def serve() -> None:
        try:
            serving.wrap_socket(server, server_side=True).close()
        except (ssl.SSLError, OSError):
            server.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with ssl.create_default_context(cafile=made.authority).wrap_socket(client, server_hostname=name):
            return "accepted"
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        thread.join()


@pytest.mark.parametrize("name", [*NAMES, "localhost", "127.0.0.1"])
def test_phones_accept_it_under_every_name_that_people_type(made: certificates.Made, name: str) -> None:
    assert shaken(made, name) == "accepted"


def test_under_another_name_they_do_not(made: certificates.Made) -> None:
    assert "mismatch" in shaken(made, "bank.example").lower()


def test_the_authority_vouches_for_nothing_else(made: certificates.Made, monkeypatch: pytest.MonkeyPatch) -> None:
    before = made.certificate.read_bytes()
    with pytest.raises(Refused, match=r"bank\.example"):
        certificates.make(made.authority.parent, ["bank.example"])
    assert made.certificate.read_bytes() == before
    monkeypatch.setattr(certificates, "_stay_within", lambda authority, wanted: None)
    stolen = certificates.make(made.authority.parent, ["bank.example"])
    assert "permitted subtree" in shaken(stolen, "bank.example")


def test_renewing_keeps_the_authority_that_phones_installed(made: certificates.Made) -> None:
    authority, certificate = made.authority.read_bytes(), made.certificate.read_bytes()
    again = certificates.make(made.authority.parent, NAMES)
    assert again.authority.read_bytes() == authority
    assert again.certificate.read_bytes() != certificate
    certificates.make(made.authority.parent, ["other.example"], renew_authority=True)
    assert made.authority.read_bytes() != authority


def test_keys_are_nobody_else_s_and_phones_accept_the_length(made: certificates.Made) -> None:
    for path in (made.key, made.authority.with_suffix(".key")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    server = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    assert (server.not_valid_after_utc - server.not_valid_before_utc).days <= 825
    assert certificates.names_of(server) == ["houqin.school.example", "localhost", "192.168.1.10", "127.0.0.1"]


def test_the_command_names_the_files_and_the_server_takes_them(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    answer = CliRunner().invoke(app, ["certificate", "make", *NAMES])
    assert answer.exit_code == 0
    assert f"--certificate {tmp_path}/certificates/houqin.crt" in answer.stdout
    command = web_command("127.0.0.1", 8443, 2, certificate="c.crt", key="k.key")
    assert command[command.index("--ssl-certificate") + 1] == "c.crt"
    assert "--ssl-certificate" not in web_command("127.0.0.1", 8000, 2)


@pytest.fixture
def found(made: certificates.Made, settings: Any) -> Callable[[], list[tuple[str, str]]]:
    settings.HTTPS, settings.ALLOWED_HOSTS = True, ["localhost", *NAMES]
    settings.CERTIFICATE, settings.CERTIFICATE_KEY = str(made.certificate), str(made.key)
    return lambda: [(one.level, one.message) for one in https.examine() if one.check == "certificate"]


def test_the_doctor_reads_the_certificate(
    found: Any, made: certificates.Made, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [level for level, _ in found()] == ["fine"]
    settings.ALLOWED_HOSTS = ["localhost", "[::1]", "forgotten.example"]
    [(level, message)] = found()
    assert (level, "forgotten.example" in message) == ("mend", True)
    settings.ALLOWED_HOSTS = NAMES
    for days, expected in ((10, "note"), (0, "mend")):
        monkeypatch.setattr(certificates, "SERVER_DAYS", days)
        certificates.make(made.authority.parent, NAMES)
        assert [level for level, _ in found()] == [expected]


def test_the_doctor_finds_a_key_of_another_certificate_and_a_missing_file(
    found: Any, made: certificates.Made, tmp_path: Path
) -> None:
    other = certificates.make(tmp_path / "other", NAMES)
    made.key.write_bytes(other.key.read_bytes())
    assert [level for level, _ in found()] == ["mend"]
    made.key.unlink()
    assert [level for level, _ in found()] == ["mend"]


@pytest.mark.parametrize(
    ("error", "level"),
    [(None, "fine"), (ssl.SSLCertVerificationError(1, "self-signed"), "mend"), (TimeoutError("too slow"), "note")],
)
def test_behind_a_proxy_it_asks_as_a_phone_would(
    settings: Any, monkeypatch: pytest.MonkeyPatch, error: OSError | None, level: str
) -> None:
    settings.HTTPS, settings.CERTIFICATE, settings.ALLOWED_HOSTS = True, "", ["localhost", "houqin.example.cn"]
    plain, other = socket.socketpair()

    def connected(address: tuple[str, int], timeout: float) -> socket.socket:
        assert address == ("houqin.example.cn", 443)
        if error:
            raise error
        return plain

    monkeypatch.setattr("houqin.config.health.https.socket.create_connection", connected)
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", lambda self, sock, server_hostname: sock)
    assert [one.level for one in https.examine()] == ["fine", level]
    other.close()
    plain.close()
