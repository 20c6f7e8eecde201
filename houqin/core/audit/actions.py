"""A new secret key of the server reaches what lies enciphered under a former one."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.ciphers import Words

BATCH = 500

titled({"audit.words_renewed": _("Enciphered anew under the new secret key")})


@dataclass(frozen=True)
class Batch:
    """Some rows of one column, in the order of their keys: the last, how many were enciphered anew, which no key reads."""

    last: Any
    rows: int
    renewed: int
    unreadable: list[Any]


@verb
def renew_words(words: Words, *, by: Viewer, after: Any = None) -> Batch:
    """Encipher five hundred rows anew, those behind ``after``; who is under the key of today already, or unreadable, stays.

    Broken off it is taken up anywhere: what is done is done, and done again it changes nothing.
    """
    if not by.is_system:
        raise PermissionDenied
    rows = words.model._base_manager.select_for_update().order_by("pk")
    rows = rows if after is None else rows.filter(pk__gt=after)
    found = list(rows.values_list("pk", words.column)[:BATCH])
    changed, unreadable = 0, []
    for key, value in found:
        made, whole = words.renewed(value)
        if not whole:
            unreadable.append(key)
        if made != value:
            words.model._base_manager.filter(pk=key).update(**{words.column: made})
            changed += 1
    if changed:
        record("audit.words_renewed", None, by=by, org=None, table=words.label, rows=changed)
    return Batch(found[-1][0] if found else after, len(found), changed, unreadable)
