"""Keys that count up, in addresses: covered, so that a gap in them does not tell of rows that are a secret."""

from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from django.conf import settings
from django.db.models import Model

WHOLE = 16
"""One block of AES is as long as a UUID, so one block is all that is ever enciphered and no mode is needed."""


def veil(model: type[Model], key: int) -> UUID:
    """A UUID that stands for the key of a row of this table, as long as the server keeps its secret."""
    cipher = _cipher(model).encryptor()
    return UUID(bytes=cipher.update(key.to_bytes(WHOLE, "big")) + cipher.finalize())


def unveil(model: type[Model], ref: UUID) -> int | None:
    """The key behind it; None when it stands for no key."""
    cipher = _cipher(model).decryptor()
    key = int.from_bytes(cipher.update(ref.bytes) + cipher.finalize(), "big")
    return key if key < 2**63 else None


def _cipher(model: type[Model]) -> Cipher[ECB]:
    words = f"{model._meta.label_lower}|{settings.SECRET_KEY}"
    return Cipher(AES(sha256(words.encode()).digest()), ECB())  # noqa: S305
