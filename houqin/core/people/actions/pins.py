"""The six digits with which a person signs on a colleague's phone."""

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer

titled({"people.pin_set": _("PIN set")})
DIGITS = 6
TRIES = 5
LOCKED_SECONDS = 15 * 60
_RUN = "01234567890"


@verb
def set_pin(*, by: Viewer, pin: str) -> Account:
    """Set one's own PIN. Only its hash is kept; nobody can set or read it for another."""
    if by.account_id is None:
        raise Refused(_("Only a person has a PIN. Sign in first."))
    if len(pin) != DIGITS or not (pin.isascii() and pin.isdigit()):
        raise Refused(_("A PIN is six digits."), field="pin")
    if len(set(pin)) < 3 or pin in _RUN or pin in _RUN[::-1]:
        raise Refused(
            _("This PIN is guessed at once. Choose six digits that are no row and no repetition."), field="pin"
        )
    account: Account = Account.objects.select_for_update(of=("self",)).select_related("home").get(pk=by.account_id)
    account.pin = make_password(pin)
    account.save(update_fields=["pin"])
    cache.delete(_key(account))
    record("people.pin_set", account, by=by, org=account.home)
    return account


def check_pin(account: Account, pin: str) -> None:
    """Refuse a wrong PIN; after five wrong ones refuse every one for a quarter of an hour.

    Wrong tries are counted in the cache, which may be a table: a form checks before the verb begins its transaction, so
    that the count outlives what the refusal takes back.
    """
    if not account.pin:
        raise Refused(
            _("%(name)s has no PIN yet. They set it under their own name at the top of the page, or sign on their own phone.")
            % {"name": account}, field="pin",
        )  # fmt: skip
    key = _key(account)
    if cache.get(key, 0) >= TRIES:
        raise Refused(
            _("Five wrong PINs: for 15 minutes none is taken. %(name)s can sign on their own phone.")
            % {"name": account},
            field="pin",
        )
    if not check_password(pin, account.pin):
        cache.add(key, 0, LOCKED_SECONDS)
        cache.incr(key)
        raise Refused(_("This is not %(name)s's PIN. Try again.") % {"name": account}, field="pin")
    cache.delete(key)


def _key(account: Account) -> str:
    return f"wrong-pins:{account.pk}"
