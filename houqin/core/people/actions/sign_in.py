"""A lost second factor, and an office's own sign-in that finds an account."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.people.models import Account
from houqin.core.people.sign_in import require_all_of
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer

titled({
    "people.second_factor_reset": _("Second factor reset"), "people.second_factor_set": _("Second factor set up"),
    "people.second_factor_removed": _("Second factor taken away"), "people.own_sign_in_linked": _("Own sign-in linked"),
    "people.own_sign_in_removed": _("Link to the own sign-in taken away"),
    "people.signed_out_everywhere": _("Signed out on all devices"),
})  # fmt: skip


@verb
def reset_second_factor(account: Account, *, by: Viewer, reason: str) -> Account:
    """Take a lost second factor away: the person signs in with the password and, where it is asked for, sets up a new one."""
    rows = Account.objects.select_for_update(of=("self",)).select_related("home")
    locked: Account = rows.get(pk=account.pk)
    if locked.home is None:
        raise Refused(_("This account belongs to the installation and is managed on the command line."))
    require(by, "people.manage_accounts", at=locked.home)
    require_all_of(locked, by)
    if locked.pk == by.account_id:
        raise Refused(_("You cannot reset your own. Somebody else who manages accounts has to."))
    if not reason.strip():
        raise Refused(_("Say how you know that it is this person who asks."), field="reason")
    count, _kinds = Authenticator.objects.filter(user=locked).delete()
    if not count:
        raise Refused(_("%(name)s has no second factor.") % {"name": locked})
    record("people.second_factor_reset", locked, by=by, org=locked.home, reason=reason)
    return locked


@verb
def sign_out_everywhere(account: Account, *, by: Viewer) -> Account:
    """End every session of an account, wherever it is open: one's own, or of somebody whose account one manages."""
    locked: Account = Account.objects.select_for_update(of=("self",)).select_related("home").get(pk=account.pk)
    if locked.pk != by.account_id:
        if locked.home is None:
            raise Refused(_("This account belongs to the installation and is managed on the command line."))
        require(by, "people.manage_accounts", at=locked.home)
    locked.signed_out_at = timezone.now()
    locked.save(update_fields=["signed_out_at"])
    record("people.signed_out_everywhere", locked, by=by, org=locked.home)
    return locked


@verb
def remove_own_sign_in(account: Account, *, by: Viewer, reason: str) -> Account:
    """Take the link to an office's own sign-in away, as when somebody has changed office."""
    locked: Account = Account.objects.select_for_update(of=("self",)).select_related("home").get(pk=account.pk)
    if locked.home is None:
        raise Refused(_("This account belongs to the installation and is managed on the command line."))
    require(by, "people.manage_accounts", at=locked.home)
    count, _kinds = SocialAccount.objects.filter(user=locked).delete()
    if not count:
        raise Refused(_("%(name)s is not linked to any sign-in of an office.") % {"name": locked})
    record("people.own_sign_in_removed", locked, by=by, org=locked.home, reason=reason)
    return locked


@verb
def link_own_sign_in(account: Account, *, by: Viewer, provider: str, uid: str) -> None:
    """Note that an office's own sign-in found this account by a verified e-mail."""
    record("people.own_sign_in_linked", account, by=by, org=account.home, provider=provider, uid=uid)


@verb
def note_second_factor(account: Account, *, by: Viewer, is_set: bool) -> None:
    """Note that somebody set a second factor up, or took it away."""
    record(f"people.second_factor_{'set' if is_set else 'removed'}", account, by=by, org=account.home)
