"""A school's own certificate: for a network where no public authority can vouch for the server."""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.utils.translation import gettext as _

from houqin.core.scope.refusals import Refused

AUTHORITY_DAYS = 3650
SERVER_DAYS = 800
"""iPhones accept at most 825 days, also from an authority that was installed by hand."""
ALWAYS = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Made:
    """The files: what phones install, and what the server is given."""

    authority: Path
    certificate: Path
    key: Path
    until: datetime


def make(folder: Path, names: Sequence[str], *, renew_authority: bool = False) -> Made:
    """A certificate for these names and addresses, from the authority kept in the folder (made when there is none).

    The authority may vouch for these names only: whoever installs it trusts it for nothing else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = [_general(name) for name in dict.fromkeys([*names, *ALWAYS])]
    kept, kept_key = folder / "authority.crt", folder / "authority.key"
    if renew_authority or not kept.is_file():
        _make_authority(kept, kept_key, wanted)
    authority = x509.load_pem_x509_certificate(kept.read_bytes())
    _stay_within(authority, wanted)
    signer = serialization.load_pem_private_key(kept_key.read_bytes(), password=None)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _started(names[0], authority.subject, key.public_key(), SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName(wanted), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()),  # type: ignore[arg-type]
            critical=False,
        )
        .sign(signer, hashes.SHA256())  # type: ignore[arg-type]
    )
    made = Made(kept, folder / "houqin.crt", folder / "houqin.key", certificate.not_valid_after_utc)
    made.certificate.write_bytes(_pem(certificate) + _pem(authority))
    _write_secret(made.key, key)
    return made


def names_of(certificate: x509.Certificate) -> list[str]:
    """The names and addresses that a certificate is for."""
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [*found.get_values_for_type(x509.DNSName), *map(str, found.get_values_for_type(x509.IPAddress))]


def _make_authority(path: Path, key_path: Path, wanted: Sequence[x509.GeneralName]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Houqin {datetime.now(UTC):%Y-%m-%d}")])
    usage = dict.fromkeys(
        ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "encipher_only", "decipher_only"], False,
    )  # fmt: skip
    authority = (
        _started(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True)
        .add_extension(x509.NameConstraints([_constraint(one) for one in wanted], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(_pem(authority))
    _write_secret(key_path, key)


def _started(
    name: str | x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    subject = name if isinstance(name, x509.Name) else x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a phone's clock may be slow
        .not_valid_after(now + timedelta(days=days))
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _constraint(name: x509.GeneralName) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_network(name.value)) if isinstance(name, x509.IPAddress) else name


def _stay_within(authority: x509.Certificate, wanted: Sequence[x509.GeneralName]) -> None:
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    beyond = [one for one in wanted if _constraint(one) not in (constraints.permitted_subtrees or [])]
    if beyond:
        raise Refused(
            _(
                "The authority that phones installed does not vouch for %s. Make another with --new-authority and "
                "install it on the phones again."
            )
            % ", ".join(str(one.value) for one in beyond)
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write_secret(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Readable by nobody else from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
