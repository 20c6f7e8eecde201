"""What a seal is made of: bytes in, bytes out, no database. The stand-alone verifier repeats exactly this.

Header, 65 bytes, big-endian: version 1 B · chain 16 B · number 8 B · item 16 B · kind 8 B (ASCII, zero-padded) · sealed at
8 B · captured at 8 B (both microseconds since 1970 UTC). Seal: SHA-256(seal before ‖ header ‖ digest of the content).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any
from uuid import UUID

VERSION = 1
FIRST = bytes(32)
_HEADER = Struct(">B16sQ16s8sqq")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Header:
    """What a seal says in the open: which item of which chain, its number and its two times."""

    chain: UUID
    number: int
    item: UUID
    kind: str
    sealed_at: datetime
    captured_at: datetime

    def pack(self) -> bytes:
        """The 65 bytes that are sealed."""
        return _HEADER.pack(
            VERSION, self.chain.bytes, self.number, self.item.bytes, self.kind.encode("ascii"),
            (self.sealed_at - _EPOCH) // _MICROSECOND, (self.captured_at - _EPOCH) // _MICROSECOND,
        )  # fmt: skip

    @classmethod
    def unpack(cls, data: bytes) -> "Header":
        """Read the bytes back; ValueError when they are none."""
        if len(data) != _HEADER.size or data[0] != VERSION:
            raise ValueError("not a header of this version")
        _, chain, number, item, kind, sealed, captured = _HEADER.unpack(data)
        return cls(
            UUID(bytes=chain), number, UUID(bytes=item), kind.rstrip(b"\0").decode("ascii"),
            _EPOCH + sealed * _MICROSECOND, _EPOCH + captured * _MICROSECOND,
        )  # fmt: skip


def seal_of(before: bytes, header: bytes, digest: bytes) -> bytes:
    """The next link of a chain, 32 bytes."""
    return hashlib.sha256(before + header + digest).digest()


def canonical(content: Mapping[str, Any]) -> str:
    """Content as the one text that is hashed: sorted keys, no spaces, no floats (integers and strings only)."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(text: str) -> bytes:
    """The digest of canonical content."""
    return hashlib.sha256(text.encode()).digest()


def commitment(salt: str, value: Any) -> str:
    """What stands in sealed content in place of a personal value: erasing value and salt leaves the chain whole."""
    return hashlib.sha256(f"{salt}\0{json.dumps(value, ensure_ascii=False, sort_keys=True)}".encode()).hexdigest()


_CHECKPOINT = Struct(">8s16sQ32sq8s")
_MAGIC = b"HQCHKPT1"


@dataclass(frozen=True)
class Mark:
    """What a checkpoint states: at this moment the chain had this many seals, and this was the last one."""

    chain: UUID
    number: int
    seal: bytes
    at: datetime
    key_id: str

    def pack(self) -> bytes:
        """The 80 bytes that are signed: magic 8 B · chain 16 B · number 8 B · seal 32 B · moment 8 B · key id 8 B."""
        return _CHECKPOINT.pack(
            _MAGIC, self.chain.bytes, self.number, self.seal, (self.at - _EPOCH) // _MICROSECOND,
            bytes.fromhex(self.key_id),
        )  # fmt: skip

    @classmethod
    def unpack(cls, data: bytes) -> "Mark":
        """Read the bytes back; ValueError when they are none."""
        if len(data) != _CHECKPOINT.size or not data.startswith(_MAGIC):
            raise ValueError("not a checkpoint of this version")
        _, chain, number, seal, at, key = _CHECKPOINT.unpack(data)
        return cls(UUID(bytes=chain), number, seal, _EPOCH + at * _MICROSECOND, key.hex())


def fingerprint_of(public: bytes) -> str:
    """By what persons compare keys: SHA-256 of the 32 bytes of an Ed25519 public key, 64 hexadecimal digits."""
    return hashlib.sha256(public).hexdigest()


def key_id_of(public: bytes) -> str:
    """The name of a key in checkpoints: the first 16 digits of its fingerprint."""
    return fingerprint_of(public)[:16]
