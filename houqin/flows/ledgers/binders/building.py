"""Putting the ZIP together: seals first, then contents, photos, pages to read, and a signed list of it all."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from houqin.core.files.keeping import open_bytes
from houqin.core.scope.models import DataClass
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.binders import pages
from houqin.flows.ledgers.models import EntryPhoto, LedgerEntry
from houqin.flows.ledgers.sealed import LEDGER
from houqin.flows.seals import keys, standalone, stored
from houqin.flows.seals.checkpoints import FORMAT, as_told
from houqin.flows.seals.models import Binder, Chain, Checkpoint, Erasure, SigningKey
from houqin.flows.seals.rules import Header, key_id_of
from houqin.flows.seals.sealed import ERASURE
from houqin.flows.seals.walking import Row

BATCH = 200
OPEN = {DataClass.PUBLIC, DataClass.OPERATIONAL}
VERIFIER = Path(standalone.__file__).parent / "verify.py"
Report = Callable[[int, int], None]


class Builder:
    """One binder. Memory does not grow with photos or texts: only numbers and ids of what is chosen are held."""

    def __init__(self, binder: Binder, by: Viewer, path: Path, report: Report) -> None:
        self.binder, self.by, self.org, self.report = binder, by, binder.org, report
        self.zip = ZipFile(path, "w", ZIP_DEFLATED, allowZip64=True)
        self.digests: dict[str, str] = {}
        self.chain = Chain.objects.get(org=binder.org)
        self.ledgers: dict[str, list[tuple[date, UUID]]] = defaultdict(list)
        self.done, self.total = 0, 1

    def build(self) -> dict[str, int]:
        """Write all of it; returns counts."""
        with self.zip:
            chosen = self._seals()
            self.total = 3 * len(chosen) + 1
            count = self._contents(chosen)
            photos = self._photos(chosen)
            self._pages()
            self._signed_ends()
            self._write("verify.py", VERIFIER.read_bytes())
            self._write("README.txt", pages.readme(self.binder).encode())
            self._sign(count)
        return {"records": count, "photos": photos, "files": len(self.digests) + 2}

    def _seals(self) -> dict[UUID, int]:
        """The whole chain as it stands; what of it was captured in the period or is about a day of it, with its number."""
        zone = timezone.get_default_timezone()
        start = datetime.combine(self.binder.first, time(), zone).astimezone(UTC)
        end = datetime.combine(self.binder.last + timedelta(days=1), time(), zone).astimezone(UTC)
        days = LedgerEntry.objects.filter(org=self.org, day__range=(self.binder.first, self.binder.last))
        about = set(days.values_list("public_id", flat=True).iterator())
        chosen: dict[UUID, int] = {}
        with self._file("seals.bin") as write:
            for number, item, header, digest, seal in self._links():
                write(header + digest + seal)
                known = Header.unpack(header)
                inside = start <= known.captured_at < end or known.item in about
                if known.kind == ERASURE or (known.kind == LEDGER and inside):
                    chosen[UUID(bytes=item)] = number
        return chosen

    def _links(self) -> Iterator[Row]:
        for row in stored.links(self.org.pk):
            if row[0] <= self.chain.length:
                yield row

    def _contents(self, chosen: dict[UUID, int]) -> int:
        """Every text as it was sealed, a line each; personal values and salts only for those who may see them."""
        count = 0
        with self._file("entries.jsonl") as write:
            for some in _batches(chosen):
                lines = [*self._entry_lines(some, chosen), *self._erasure_lines(some, chosen)]
                for _number, line in sorted(lines, key=lambda pair: pair[0]):
                    write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
                    count += 1
                self._step(len(some))
        return count

    def _entry_lines(self, some: list[UUID], chosen: dict[UUID, int]) -> Iterator[tuple[int, dict[str, Any]]]:
        for row in LedgerEntry.objects.filter(public_id__in=some):
            self.ledgers[row.ledger].append((row.day, row.public_id))
            number = chosen[row.public_id]
            line = {"n": number, "id": str(row.public_id), "kind": LEDGER, "text": row.body}
            if self.binder.names:
                line["personal"] = json.loads(row.personal) if row.personal else {}
            yield number, line

    def _erasure_lines(self, some: list[UUID], chosen: dict[UUID, int]) -> Iterator[tuple[int, dict[str, Any]]]:
        for row in Erasure.objects.filter(public_id__in=some):
            number = chosen[row.public_id]
            yield number, {"n": number, "id": str(row.public_id), "kind": ERASURE, "text": row.body}

    def _photos(self, chosen: dict[UUID, int]) -> int:
        """Each photo once, under the digest that the text of its entry names."""
        for some in _batches(chosen):
            rows = EntryPhoto.objects.filter(entry_id__in=some).select_related("file__blob")
            for photo in rows:
                name = f"photos/{photo.file.blob.digest}.jpg"
                may = self.by.may(photo.file.permission, self.org.path)
                if name not in self.digests and may and (self.binder.names or photo.file.data_class in OPEN):
                    with open_bytes(photo.file.blob) as content, self._file(name, ZIP_STORED) as write:
                        while piece := content.read(1 << 20):
                            write(piece)
            self._step(len(some))
        return sum(name.startswith("photos/") for name in self.digests)

    def _pages(self) -> None:
        """A page a ledger, in the order of the days, and the page that leads to them."""
        shown = {name for name in self.digests if name.startswith("photos/")}
        for code in sorted(self.ledgers):
            with self._file(f"ledgers/{code}.html") as write:
                write(pages.head(self.binder, code).encode())
                ids = [item for _day, item in sorted(self.ledgers[code])]
                for some in _batches(ids):
                    write(pages.entries(some, self.by, shown).encode())
                    self._step(len(some))
                write(pages.FOOT.encode())
        counts = {code: len(rows) for code, rows in self.ledgers.items()}
        self._write("index.html", pages.index(self.binder, counts).encode())

    def _signed_ends(self) -> None:
        rows = Checkpoint.objects.select_related("org").filter(org=self.org, number__lte=self.chain.length)
        told = [as_told(row) for row in rows.order_by("number")]
        self._write("checkpoints.json", _json({"format": FORMAT, "checkpoints": told}))
        known = [
            {"key": row.key_id, "public": bytes(row.public).hex(), "since": row.since.isoformat()}
            for row in SigningKey.objects.all()
        ]
        self._write("keys.json", _json({"keys": known}))

    def _sign(self, count: int) -> None:
        """The list of all files with their digests, signed by this installation where its key is at hand."""
        about = {
            "format": "houqin-binder-1", "unit": self.org.name, "unit_id": str(self.org.public_id),
            "chain": str(self.chain.public_id), "first": self.binder.first.isoformat(),
            "last": self.binder.last.isoformat(), "made_at": self.by.now.isoformat(), "names": self.binder.names,
            "records": count, "length": self.chain.length, "head": bytes(self.chain.head).hex(), "files": self.digests,
        }  # fmt: skip
        raw, signer = _json(about), keys.signer()
        key = key_id_of(keys.public_bytes(signer)) if signer else ""
        self.zip.writestr("binder.json", raw)
        self.zip.writestr("binder.sig", _json({"key": key, "signature": signer.sign(raw).hex() if signer else ""}))

    @contextmanager
    def _file(self, name: str, packing: int = ZIP_DEFLATED) -> Iterator[Callable[[bytes], None]]:
        """A file of the ZIP, written in pieces; its digest goes into the list."""
        found, info = hashlib.sha256(), ZipInfo(name, timezone.localtime(self.by.now).timetuple()[:6])
        info.compress_type, info.external_attr = packing, 0o644 << 16
        with self.zip.open(info, "w", force_zip64=True) as file:

            def write(piece: bytes) -> None:
                found.update(piece)
                file.write(piece)

            yield write
        self.digests[name] = found.hexdigest()

    def _write(self, name: str, content: bytes) -> None:
        with self._file(name) as write:
            write(content)

    def _step(self, count: int) -> None:
        self.done += count
        self.report(min(self.done, self.total), self.total)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _batches(items: Iterable[UUID]) -> Iterator[list[UUID]]:
    some: list[UUID] = []
    for item in items:
        some.append(item)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some
