"""The one table of the pages: forms that were already carried out."""

from django.db import models


class SentForm(models.Model):
    """One form that was carried out, under the key that the page gave it.

    Written in the verb's own transaction: a double click or a repeated sending finds it and is led to the same
    result. Never updated; swept when no phone can send it again.
    """

    SCOPE_EXEMPT = "a key without content; names no school, no person and no record"

    key = models.UUIDField(unique=True)
    url = models.CharField(max_length=500)
    message = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.key)
