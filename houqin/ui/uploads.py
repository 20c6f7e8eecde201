"""Uploads beyond the limit: counted to their end, kept nowhere, and answered in words by whoever asked for them."""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class TooLargeHandler(FileUploadHandler):
    """First in the row: once a file is beyond the limit it passes no more bytes on, so that neither memory nor disk fills.

    The form then finds an empty file with its true size, and refuses it by that.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start + len(raw_data) <= settings.UPLOAD_LIMIT_BYTES else None

    def file_complete(self, file_size: int) -> Any:
        if file_size <= settings.UPLOAD_LIMIT_BYTES:
            return None
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, file_size)
