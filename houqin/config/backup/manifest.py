"""What a backup holds, written as its last part."""

import json
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any
from uuid import UUID

from houqin.config.backup.snapshots import Snapshot

NAME, FILES, DATABASE = "manifest.json", "files/", "database/"
FORMAT = 1


@dataclass
class Manifest:
    """Versions, sizes and digests; ``chains`` are the ends of all chains of seals at that moment.

    ``missing`` files were named by the database but lay nowhere, ``damaged`` ones are not what their name says: both were
    so before the backup.
    """

    format: int = FORMAT
    program: str = ""
    made_at: str = ""
    engine: str = ""
    engine_version: str = ""
    migrations: list[str] = field(default_factory=list)
    chains: dict[str, tuple[int, str]] = field(default_factory=dict)
    files: int = 0
    files_bytes: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    pieces: int = 0
    pieces_bytes: int = 0
    pieces_sha256: str = ""

    def as_bytes(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Manifest":
        """As it was written; what a later version adds is left out."""
        read = json.loads(content)
        read["chains"] = {chain: (length, head) for chain, (length, head) in read["chains"].items()}
        return cls(**{name: read[name] for name in cls.__dataclass_fields__ if name in read})


def described(moment: Snapshot, made_at: str) -> Manifest:
    """What can be said before anything is written."""
    return Manifest(
        program=version("houqin"),
        made_at=made_at,
        engine=moment.engine,
        engine_version=moment.version,
        migrations=[
            f"{app}.{name}" for app, name in moment.rows("SELECT app, name FROM django_migrations ORDER BY id")
        ],
        chains=heads(moment.rows("SELECT public_id, length, head FROM seals_chain")),
    )


def heads(rows: Any) -> dict[str, tuple[int, str]]:
    """Of each chain of seals how long it is, and the seal at its end."""
    return {UUID(str(chain)).hex: (length, bytes(head).hex()) for chain, length, head in rows}
