"""Deeds on accounts."""

import secrets
from functools import lru_cache

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account, Guardianship, Person, Pupil
from houqin.core.people.sign_in import require_all_of
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer

titled(
    {
        "people.account_opened": _("Account opened"),
        "people.account_closed": _("Account closed"),
        "people.account_reopened": _("Account opened again"),
        "people.password_reset": _("New first password"),
        "people.guardian_recorded": _("Guardian recorded"),
        "people.person_linked": _("Account linked to a person"),
    }
)

UNMISTAKABLE = "23456789abcdefghjkmnpqrstuvwxyz"


def first_password() -> str:
    """Three groups of four that nobody misreads from a slip of paper: 59 bits."""
    return "-".join("".join(secrets.choice(UNMISTAKABLE) for _place in range(4)) for _group in range(3))


@lru_cache(maxsize=1)
def _hashed_once(password: str) -> str:
    """The password of a demo's accounts, which stands on its sign-in page: one salt does for all of them."""
    return make_password(password)


@verb
def open_account(
    home: OrgUnit,
    *,
    by: Viewer,
    username: str,
    display_name: str,
    password: str = "",
    email: str = "",
    phone: str = "",
    person: Person | None = None,
    is_demo: bool = False,
) -> tuple[Account, str]:
    """Open an account at a unit. Returns it with its first password, which is shown once."""
    require(by, "people.manage_accounts", at=home)
    if Account.objects.filter(username__iexact=username).exists():
        raise Refused(_("This user name is taken. Choose another one."), field="username")
    account = Account(
        username=username,
        display_name=display_name,
        email=email,
        phone=phone,
        home=home,
        person=person,
        is_demo=is_demo,
    )
    first = password or first_password()
    if password and not is_demo:
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), field="password") from error
    account.password = _hashed_once(first) if is_demo else make_password(first)
    account.full_clean()
    account.save()
    record("people.account_opened", account, by=by, org=home, username=username)
    return account, first


def _locked(account: Account, by: Viewer) -> Account:
    locked: Account = Account.objects.select_for_update(of=("self",)).select_related("home").get(pk=account.pk)
    require(by, "people.manage_accounts", at=_home(locked))
    return locked


def _home(account: Account) -> OrgUnit:
    if account.home is None:
        raise Refused(_("This account belongs to the installation and is managed on the command line."))
    return account.home


@verb
def close_account(account: Account, *, by: Viewer, reason: str) -> Account:
    """Close an account: it can no longer sign in; what it did stays."""
    account = _locked(account, by)
    if account.pk == by.account_id:
        raise Refused(_("You cannot close the account you are working with."))
    if not account.is_active:
        raise Refused(_("This account is closed already."))
    account.is_active = False
    account.save(update_fields=["is_active"])
    record("people.account_closed", account, by=by, org=account.home, reason=reason)
    return account


@verb
def reopen_account(account: Account, *, by: Viewer) -> Account:
    """Let a closed account sign in again."""
    account = _locked(account, by)
    if account.is_active:
        raise Refused(_("This account is open already."))
    account.is_active = True
    account.save(update_fields=["is_active"])
    record("people.account_reopened", account, by=by, org=account.home)
    return account


@verb
def give_new_password(account: Account, *, by: Viewer) -> str:
    """Give somebody who has forgotten it a new first password, shown once."""
    account = _locked(account, by)
    require_all_of(account, by)
    first = first_password()
    account.set_password(first)
    account.save(update_fields=["password"])
    record("people.password_reset", account, by=by, org=account.home)
    return first


@verb
def link_person(account: Account, *, by: Viewer, person: Person) -> Account:
    """Say whose account it is: what a person is named for, as a class, the account may then do. A person has one account."""
    account = _locked(account, by)
    if not person.org.path.startswith(_home(account).path):
        raise NotVisible
    if person.left_on:
        raise Refused(_("This person has left. Choose somebody who works here."), field="person")
    other = Account.objects.filter(person=person).exclude(pk=account.pk).first()
    if other:
        raise Refused(
            _("%(person)s has an account already: %(account)s. Use that one.")
            % {"person": person, "account": other.username},
            field="person",
        )
    if account.person_id != person.pk:
        account.person = person
        account.save(update_fields=["person"])
        record("people.person_linked", account, by=by, org=account.home, person=person)
    return account


@verb
def record_guardian(pupil: Pupil, *, by: Viewer, account: Account, relation: str = "") -> Guardianship:
    """Record that an account looks after a pupil."""
    require(by, "people.change_pupils", at=pupil.org)
    row, made = Guardianship.objects.get_or_create(account=account, pupil=pupil, defaults={"relation": relation})
    if made:
        record("people.guardian_recorded", pupil, by=by, org=pupil.org, account=account.public_id)
    return row
