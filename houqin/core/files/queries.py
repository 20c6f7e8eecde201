"""The one road to a file."""

from collections.abc import Callable
from typing import Any

from houqin.core.files.models import StoredFile
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer

_guards: dict[str, Callable[[Viewer, StoredFile], bool]] = {}


def guarded(permission: str, opens: Callable[[Viewer, StoredFile], bool]) -> None:
    """Files kept under this permission are opened only by those of its holders whom ``opens`` lets in."""
    _guards[permission] = opens


def file_for(viewer: Viewer, public_id: Any) -> StoredFile:
    """The file, for those who hold its own permission at its unit; for all others there is none."""
    file: StoredFile | None = (
        StoredFile.objects.select_related("org", "blob", "thumbnail").filter(public_id=public_id).first()
    )
    if file is None or not viewer.may(file.permission, file.org.path):
        raise NotVisible
    if file.permission in _guards and not _guards[file.permission](viewer, file):
        raise NotVisible
    return file
