"""A stream sealed under a passphrase: scrypt for the key, ChaCha20-Poly1305 for each chunk of a mebibyte.

    magic(16) | salt(16) | log2 of scrypt's n (1) | HMAC-SHA256 of all that under half of the key (32) | chunks

Each chunk is sealed under its number and whether it is the last one (the STREAM construction), so that a chunk that was
changed, moved, left out or cut off is noticed. The key is made of a new salt for each file: no nonce comes twice.
"""

import hmac
import io
import os
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from houqin.core.scope.refusals import Refused

MAGIC = b"houqin-backup-1\n"
SALT, TAG, CHECK = 16, 16, 32
CHUNK = 1024 * 1024
COST = 16  # 2**16 blocks of 1 KiB: 64 MB and a fifth of a second on a small computer
DEAREST = 20


def _keys(passphrase: str, salt: bytes, cost: int) -> tuple[ChaCha20Poly1305, bytes]:
    both = Scrypt(salt=salt, length=64, n=2**cost, r=8, p=1).derive(passphrase.encode())
    return ChaCha20Poly1305(both[:32]), both[32:]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealer(io.RawIOBase):
    """Seals what is written to it; ``close`` writes the last chunk and leaves the file below open."""

    def __init__(self, below: IO[bytes], passphrase: str) -> None:
        super().__init__()
        salt = os.urandom(SALT)
        head = MAGIC + salt + bytes([COST])
        self._cipher, mac = _keys(passphrase, salt, COST)
        below.write(head + hmac.digest(mac, head, "sha256"))
        self._below, self._number, self._waiting = below, 0, bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Keeps back the last chunk, which is sealed otherwise than the others."""
        self._waiting += content
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(content)

    def finish(self) -> None:
        """Write the last chunk: without it the file counts as cut off."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, content: bytes, *, last: bool) -> None:
        self._below.write(self._cipher.encrypt(_nonce(self._number, last=last), content, None))
        self._number += 1


class Opener(io.RawIOBase):
    """Reads what a Sealer wrote; refuses in words at the first chunk that is not as it was written."""

    def __init__(self, below: IO[bytes], passphrase: str) -> None:
        super().__init__()
        head, check = below.read(len(MAGIC) + SALT + 1), below.read(CHECK)
        if not head.startswith(MAGIC) or len(check) < CHECK or not 0 < head[-1] <= DEAREST:
            raise Refused(_("This file is no backup of Houqin, or its beginning was damaged."))
        self._cipher, mac = _keys(passphrase, head[len(MAGIC) : -1], head[-1])
        if not hmac.compare_digest(check, hmac.digest(mac, head, "sha256")):
            raise Refused(_("The passphrase does not open this backup. Nothing was read or changed."))
        self._below, self._number, self._ready, self._ended = below, 0, b"", False
        self._ahead = below.read(CHUNK + TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        """The next bytes; 0 after the last chunk."""
        if not self._ready and not self._ended:
            self._ready = self._next()
        taken = self._ready[: len(into)]
        into[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)

    def _next(self) -> bytes:
        chunk, self._ahead = self._ahead, self._below.read(CHUNK + TAG)
        self._ended = not self._ahead
        number, self._number = self._number, self._number + 1
        try:
            return self._cipher.decrypt(_nonce(number, last=self._ended), chunk, None)
        except InvalidTag:
            pass
        raise Refused(self._reason(number, chunk))

    def _reason(self, number: int, chunk: bytes) -> str:
        """A file that ends in the middle of a chunk looks like a changed one; so does what is left of an altered last one."""
        try:
            whole = self._cipher.decrypt(_nonce(number, last=False), chunk, None)
        except InvalidTag:
            whole = b""
        if self._ended and (whole or len(chunk) < TAG):
            return _("The backup is cut short: its end is missing. Take another copy of it. Nothing was changed.")
        return _(
            "The backup was altered or cut short at megabyte %d. Take another copy of it. Nothing was changed."
        ) % (number + 1)
