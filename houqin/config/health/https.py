"""HTTPS: on or off, and whether phones will accept the certificate."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.utils.translation import gettext as _

from houqin.config.certificates import names_of
from houqin.config.health.findings import Finding

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
SOON = timedelta(days=30)
PATIENCE_SECONDS = 3
GUIDE = "docs/operations/https.md"


def examine() -> Iterator[Finding]:
    """Whether HTTPS is on, and its certificate."""
    if not settings.HTTPS:
        yield Finding(
            "https", "note",
            _("HTTPS is off: phones give no camera, no offline use and no notifications, and passwords travel open."),
            _("A certificate takes a quarter of an hour: %s") % GUIDE,
        )  # fmt: skip
        return
    yield Finding("https", "fine", _("HTTPS is required."))
    if settings.CERTIFICATE:
        yield from _own_certificate(Path(settings.CERTIFICATE), Path(settings.CERTIFICATE_KEY))
    else:
        yield from _proxy()


def _own_certificate(path: Path, key_path: Path) -> Iterator[Finding]:
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        key = load_pem_private_key(key_path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        yield _mend(_("The certificate or its key cannot be read: %s") % error)
        return
    missing = {name.strip("[]") for name in settings.ALLOWED_HOSTS} - LOCAL_HOSTS - {"::1"} - set(names_of(certificate))
    until = certificate.not_valid_after_utc
    if certificate.public_key() != key.public_key():
        yield _mend(_("The key does not belong to the certificate."))
    elif until < datetime.now(UTC):
        yield _mend(_("The certificate ended on %s: phones refuse to open the pages.") % until.date())
    elif missing:
        yield _mend(_("The certificate is not for %s: phones warn of it.") % ", ".join(sorted(missing)))
    elif until < datetime.now(UTC) + SOON:
        yield Finding("certificate", "note", _("The certificate ends on %s.") % until.date(), _("Renew it: %s") % GUIDE)
    else:
        yield Finding("certificate", "fine", _("The certificate is good until %s.") % until.date())


def _proxy() -> Iterator[Finding]:
    """Asks the proxy in front the way a phone would."""
    host = next((name for name in settings.ALLOWED_HOSTS if name not in LOCAL_HOSTS and name[0] not in "*."), None)
    if host is None:
        return
    try:
        with (
            socket.create_connection((host, 443), PATIENCE_SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host),
        ):
            yield Finding("certificate", "fine", _("%s shows a certificate that browsers accept.") % host)
    except ssl.SSLCertVerificationError as error:
        yield _mend(
            _("Browsers do not accept the certificate of %(host)s: %(why)s")
            % {"host": host, "why": error.strerror or error}
        )
    except OSError as error:
        yield Finding(
            "certificate", "note",
            _("From here nobody answers at https://%(host)s/: %(why)s") % {"host": host, "why": error},
            _("Look whether a phone opens it."),
        )  # fmt: skip


def _mend(message: str) -> Finding:
    return Finding("certificate", "mend", message, _("See %s") % GUIDE)
