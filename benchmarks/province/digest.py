"""One line that tells whether two provinces are the same, row by row."""

import hashlib
from collections.abc import Iterable

from django.db import models


def digest(tables: Iterable[type[models.Model]]) -> str:
    """SHA-256 over every value of every row, in the order of the ids."""
    found = hashlib.sha256()
    for model in tables:
        found.update(model._meta.label.encode())
        for row in model._base_manager.order_by("pk").values_list().iterator():
            found.update(repr([bytes(one) if isinstance(one, memoryview) else one for one in row]).encode())
    return found.hexdigest()
