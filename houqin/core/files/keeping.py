"""Bytes under the digest of their content, in the storage that the settings name."""

import hashlib
from io import BufferedReader
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

from houqin.core.files.models import Blob


def storage() -> Storage:
    """Where the bytes lie: a private folder, or a bucket; nothing in it is served but through permission."""
    return storages["files"]


def name_of(digest: str) -> str:
    """How the storage names the bytes: in one of 256 shards."""
    return f"{digest[:2]}/{digest}"


def keep_bytes(content: bytes, media_type: str, *, width: int, height: int) -> Blob:
    """The one blob of these bytes. Its row is locked before its bytes are looked for, so that no sweep comes between."""
    digest = hashlib.sha256(content).hexdigest()
    facts = {"media_type": media_type, "size_bytes": len(content), "width": width, "height": height}
    blob, _made = Blob.objects.select_for_update().get_or_create(digest=digest, defaults=facts)
    kept, name = storage(), name_of(digest)
    if kept.exists(name):
        if kept.size(name) == len(content):
            return blob
        kept.delete(name)  # cut short when the machine went down
    kept.save(name, ContentFile(content))
    return blob


def keep_file(file: BufferedReader, media_type: str) -> Blob:
    """The one blob of a large file, read in pieces twice: for its digest, and into the storage."""
    found = hashlib.file_digest(file, "sha256")
    facts = {"media_type": media_type, "size_bytes": file.tell()}
    blob, _made = Blob.objects.select_for_update().get_or_create(digest=found.hexdigest(), defaults=facts)
    kept, name = storage(), name_of(blob.digest)
    file.seek(0)
    if kept.exists(name):
        kept.delete(name)
    kept.save(name, File(file))
    return blob


def open_bytes(blob: Blob) -> IO[bytes]:
    """The bytes, to be read in pieces."""
    return storage().open(name_of(blob.digest))
