"""Signing keys: the private one in a file outside the database, the public ones in both."""

import os
import stat
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)  # fmt: skip
from django.conf import settings
from django.utils.translation import gettext as _

from houqin.core.scope.refusals import Refused
from houqin.flows.seals.rules import key_id_of

PRIVATE = "checkpoints.pem"


def folder() -> Path:
    """Where keys lie: one folder of the installation, only its own user may look into it."""
    return Path(settings.VAR) / "keys"


def private_path() -> Path:
    """The file of the key that signs now."""
    return folder() / PRIVATE


def is_private() -> bool:
    """Whether nobody but the installation's own user can read the key."""
    return not stat.S_IMODE(private_path().stat().st_mode) & 0o077


def signer() -> Ed25519PrivateKey | None:
    """The key that signs now; None when this machine holds none."""
    try:
        read = load_pem_private_key(private_path().read_bytes(), password=None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Refused(
            _("The signing key %(file)s cannot be read (%(why)s). Put it back from the backup of the folder of keys.")
            % {"file": private_path(), "why": error}
        ) from error
    assert isinstance(read, Ed25519PrivateKey)
    return read


def public_bytes(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """The 32 bytes of its public half."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def make_signer() -> Ed25519PrivateKey:
    """A new key in its file, readable by this user only. The one before it is overwritten: it never signs again."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Ed25519PrivateKey.generate()
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = folder() / f"{PRIVATE}.{os.getpid()}"
    with suppress(FileNotFoundError):
        beside.unlink()
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(private_path())
    public = public_bytes(made)
    (folder() / f"{key_id_of(public)}.pub").write_text(public.hex() + "\n", encoding="ascii")
    return made


def trusted() -> set[bytes]:
    """Public keys that this machine itself has noted down; empty where the folder of keys is not here.

    Whoever can write to the database could add a key of his own there; he cannot add it here.
    """
    found = set()
    for path in folder().glob("*.pub"):
        with suppress(ValueError, OSError):
            found.add(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    return found


@lru_cache(maxsize=64)
def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)


def fits(public: bytes, signature: bytes, payload: bytes) -> bool:
    """Whether the signature over these bytes was made with the private half of the key."""
    try:
        _public(public).verify(signature, payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def pem_of(public: bytes) -> str:
    """The public key as a file that other programs read."""
    return _public(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
