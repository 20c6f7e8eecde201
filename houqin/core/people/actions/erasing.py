"""Erasing a person who has left, where law asks for it: the rows stay, the name and every number go."""

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.people.erasing import Erased, erase_in_rooms, sweep
from houqin.core.people.models import Account, Person
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.register import beside
from houqin.core.scope.viewer import Viewer

WHY, SHORT = 200, 8

titled({"people.erased": _("A person's data erased")})


@verb
def erase_person(person: Person, *, by: Viewer, why: str) -> Person:
    """Take the name, numbers, photos and account of somebody who has left out of everything that is kept.

    An alias stands in their place, so that records still tell one person from another; seals still verify.
    """
    require(by, "people.erase", at=person.org)
    row: Person = Person.objects.select_for_update(of=("self",)).select_related("org").get(pk=person.pk)
    if row.left_on is None or row.left_on > by.today:
        raise Refused(_("Who works here is not erased: law wants these records. Let the person leave first."))
    if not why.strip():
        raise Refused(_("Say why: who asked for it, and by which right."), field="why")
    with override(settings.LANGUAGE_CODE):
        alias = gettext("Erased %(number)s") % {"number": row.public_id.hex[-SHORT:]}
    if row.name == alias:
        raise Refused(_("This has been done already."))
    account = Account.objects.filter(person=row).first()
    signed_in_as = account.display_name if account else ""
    erased = Erased(row, account, row.name, signed_in_as, alias, why.strip()[:WHY])
    numbers = erase_in_rooms(erased, by) | {row.phone}
    if account is not None:
        numbers |= {account.phone, account.email, account.username}
        _close(account, alias)
    Person.objects.filter(pk=row.pk).update(name=alias, sex="", birth_year=None, phone="")
    sweep(erased, numbers)
    row.refresh_from_db()
    record("people.erased", row, by=by, org=row.org, why=erased.why)
    return row


def _close(account: Account, alias: str) -> None:
    account.display_name, account.username = alias, f"erased-{account.public_id.hex}"
    account.email = account.phone = account.pin = ""
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["display_name", "username", "email", "phone", "pin", "is_active", "password"])
    for table in beside(Account):
        table.of(account).delete()
