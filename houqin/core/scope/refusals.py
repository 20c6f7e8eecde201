"""The two answers to a deed that cannot be done."""

from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import Http404

from houqin.core.scope.viewer import Viewer

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Refused(Exception):
    """The rules refuse a deed: what happened, why, and what to do instead, in the user's words.

    ``field`` names the entry that has to change, when there is one.
    """

    def __init__(self, message: "StrOrPromise", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotVisible(Http404):
    """The row belongs to a unit outside the viewer's reach: it does not exist for them."""


class _HasPath(Protocol):
    path: Any


def require(by: Viewer, permission: str, *, at: _HasPath) -> None:
    """Stop unless ``by`` holds the permission at this unit.

    Raises NotVisible (404) where the unit is out of reach and PermissionDenied (403) where it is within reach.
    """
    if by.may(permission, at.path):
        return
    if not by.sees(at.path):
        raise NotVisible
    raise PermissionDenied(permission)
