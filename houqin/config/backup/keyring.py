"""The keys of an installation, in an archive of their own: whoever has them and the data could sign in its name."""

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from houqin.config.backup.envelope import Opener, Sealer
from houqin.core.scope.refusals import Refused

SECRET = "secret"  # noqa: S105 the name of a file
FOLDERS = ("keys", "certificates")


def _held() -> Iterator[tuple[str, bytes]]:
    """The secret that is in use, wherever it came from, and what lies in the folders of keys."""
    yield SECRET, settings.SECRET_KEY.encode()
    for folder in FOLDERS:
        for path in sorted(Path(settings.VAR, folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(settings.VAR).as_posix(), path.read_bytes()


def write_keys(file: IO[bytes], passphrase: str) -> None:
    """Write them and read them back."""
    held = dict(_held())
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in held.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    sealer = Sealer(file, passphrase)
    sealer.write(packed.getvalue())
    sealer.finish()
    file.seek(0)
    if read_keys(file, passphrase) != held:
        raise Refused(_("What was read back is not what was written: the disk is not to be trusted. Take another."))


def read_keys(file: IO[bytes], passphrase: str) -> dict[str, bytes]:
    """Each key by its path below ``var/``."""
    content = io.BytesIO(Opener(file, passphrase).read())
    try:
        with tarfile.open(fileobj=content, mode="r:") as tar:
            found = {one.name: tar.extractfile(one) for one in tar if one.isfile()}
            return {name: read.read() for name, read in found.items() if read}
    except tarfile.TarError as error:
        raise Refused(_("This file holds no keys. Name the one that ends in -keys.backup.")) from error


def refuse_other_keys(found: dict[str, bytes]) -> None:
    """Keys that lie here already are not overwritten; a secret that was made a moment ago belongs to nothing yet."""
    if SECRET not in found:
        raise Refused(_("This file holds no keys. Name the one that ends in -keys.backup."))
    for name, content in found.items():
        here = Path(settings.VAR, name)
        if name != SECRET and here.exists() and here.read_bytes() != content:
            raise Refused(_("Another key lies here already: %s. Move it away first.") % here)


def put_keys(found: dict[str, bytes]) -> None:
    """Lay them where they lay, for the installation's own user alone."""
    for name, content in found.items():
        if name != SECRET and (name.split("/")[0] not in FOLDERS or ".." in name):
            continue
        path = Path(settings.VAR, name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
