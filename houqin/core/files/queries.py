"""The one road to a file."""

from typing import Any

from houqin.core.files.models import StoredFile
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer


def file_for(viewer: Viewer, public_id: Any) -> StoredFile:
    """The file, for those who hold its own permission at its unit; for all others there is none."""
    file: StoredFile | None = (
        StoredFile.objects.select_related("org", "blob", "thumbnail").filter(public_id=public_id).first()
    )
    if file is None or not viewer.may(file.permission, file.org.path):
        raise NotVisible
    return file
