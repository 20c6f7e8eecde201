"""What the units of an account ask of its signing in. The floor that knows roles and rules tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce

from django.utils.translation import gettext_lazy as _

from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer

LONGEST_IDLE_HOURS = 14 * 24
"""As long as a session lives without a click when no unit asks for less."""


@dataclass(frozen=True)
class Asked:
    """A second factor, or the day from which it is asked for; the office's own sign-in in place of a password; hours without a click."""

    second_factor: bool = False
    own_sign_in: bool = False
    factor_from: date | None = None
    idle_hours: int = LONGEST_IDLE_HOURS

    def and_also(self, other: "Asked") -> "Asked":
        """Both together: whatever either asks."""
        days = [one.factor_from for one in (self, other) if one.factor_from is not None]
        return Asked(
            self.second_factor or other.second_factor,
            self.own_sign_in or other.own_sign_in,
            min(days, default=None),
            min(self.idle_hours, other.idle_hours),
        )


Asking = Callable[[Account], Asked]
_askers: list[Asking] = []


def asking(function: Asking) -> Asking:
    """Register what tells it."""
    _askers.append(function)
    return function


def asked_of(account: Account) -> Asked:
    """Everything that anybody asks."""
    return reduce(Asked.and_also, (asker(account) for asker in _askers), Asked())


def asks_for_second_factor(account: Account) -> bool:
    """Whether this account may not be without a second factor."""
    return asked_of(account).second_factor


Beyond = Callable[[Account, Viewer], bool]
_beyond: list[Beyond] = []


def beyond(function: Beyond) -> Beyond:
    """Register what tells whether an account acts where the viewer does not manage accounts."""
    _beyond.append(function)
    return function


def require_all_of(account: Account, by: Viewer) -> None:
    """Whoever gives a new key to an account could use it: only those who manage accounts wherever it acts may."""
    if any(one(account, by) for one in _beyond):
        raise Refused(_("This account also acts for a unit whose accounts you do not manage. Whoever does has to."))
