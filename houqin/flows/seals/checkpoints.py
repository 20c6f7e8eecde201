"""Checkpoints as a file that a higher office keeps elsewhere: written and read back."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from houqin.flows.seals.checking import Held
from houqin.flows.seals.models import Checkpoint
from houqin.flows.seals.rules import Mark

FORMAT = "houqin-checkpoints-1"


def exported(rows: Iterable[Checkpoint]) -> Iterator[str]:
    """The file, line by line: one JSON object with the checkpoints, each with what was signed and the signature."""
    yield f'{{"format": "{FORMAT}", "checkpoints": [\n'
    before = ""
    for row in rows:
        yield before + json.dumps(as_told(row), ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


def as_told(row: Checkpoint) -> dict[str, Any]:
    """One checkpoint; only payload and signature count, the rest is for the eye."""
    mark = Mark.unpack(bytes(row.payload))
    return {
        "unit": row.org.name, "chain": str(mark.chain), "number": mark.number, "seal": mark.seal.hex(),
        "at": mark.at.isoformat(), "key": mark.key_id, "payload": bytes(row.payload).hex(),
        "signature": bytes(row.signature).hex(),
    }  # fmt: skip


def kept(text: str) -> dict[str, list[Held]]:
    """Checkpoints from such a file, by chain; ValueError when it is none."""
    read = json.loads(text)
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise ValueError("no file of checkpoints")
    found: dict[str, list[Held]] = {}
    for one in read["checkpoints"]:
        held = Held(bytes.fromhex(one["payload"]), bytes.fromhex(one["signature"]))
        found.setdefault(str(Mark.unpack(held.payload).chain), []).append(held)
    return found
