"""Public ids: UUIDv7, ordered by time, for whatever leaves the system."""

from typing import Any
from uuid import UUID

import uuid_utils
from django.db import models


def uuid7() -> UUID:
    """A new time-ordered UUID (RFC 9562, version 7)."""
    return UUID(int=uuid_utils.uuid7().int)


class PublicIdField(models.UUIDField[Any, Any]):
    """The id under which a row is known outside this database; never reused, never changed."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", uuid7)
        options.setdefault("unique", True)
        options.setdefault("editable", False)
        super().__init__(**options)
