"""What the units of an account ask of its signing in. The floor that knows roles and rules tells it."""

from collections.abc import Callable
from dataclasses import dataclass

from houqin.core.people.models import Account


@dataclass(frozen=True)
class Asked:
    """A second factor; the office's own sign-in in place of a password."""

    second_factor: bool = False
    own_sign_in: bool = False


Asking = Callable[[Account], Asked]
_askers: list[Asking] = []


def asking(function: Asking) -> Asking:
    """Register what tells it."""
    _askers.append(function)
    return function


def asked_of(account: Account) -> Asked:
    """Everything that anybody asks."""
    found = [asker(account) for asker in _askers]
    return Asked(any(one.second_factor for one in found), any(one.own_sign_in for one in found))


def asks_for_second_factor(account: Account) -> bool:
    """Whether this account may not be without a second factor."""
    return asked_of(account).second_factor
