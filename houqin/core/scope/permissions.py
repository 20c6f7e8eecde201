"""Named permissions, declared by the app that owns the deed, and the roles that hold them by default."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Permission:
    """One deed or view, ``app.verb``, and the role codes that hold it."""

    code: str
    label: "StrOrPromise"
    roles: frozenset[str] = frozenset()


_declared: dict[str, Permission] = {}


def declare(permissions: Iterable[Permission]) -> None:
    """Make an app's permissions known; a second declaration of the same code is a mistake."""
    for permission in permissions:
        known = _declared.setdefault(permission.code, permission)
        if known != permission:
            raise ValueError(f"permission {permission.code} is declared twice")


def all_permissions() -> dict[str, Permission]:
    """Every declared permission by code."""
    return dict(_declared)


def permissions_of(role: str) -> frozenset[str]:
    """What a role may do."""
    return frozenset(code for code, permission in _declared.items() if role in permission.roles)
