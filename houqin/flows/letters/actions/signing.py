"""Signing a letter: on one's own account, by PIN on a colleague's phone, or as it was signed on paper. Sealed at once."""

from datetime import date
from secrets import token_hex
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.people.actions.pins import check_pin
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.letters.models import Letter, LetterState, SignedHow
from houqin.flows.letters.queries import KIND, heads_at, is_for, told
from houqin.flows.seals.chaining import append
from houqin.flows.seals.rules import canonical, commitment, digest_of

titled({"letters.signed": _("Letter signed")})


@verb
def sign_letter(letter: Letter, *, by: Viewer) -> Letter:
    """Sign one's own letter; a second time changes nothing."""
    require(by, "letters.sign", at=letter.org)
    row = _locked(letter)
    if not is_for(row, by):
        raise Refused(_("This letter is for %(who)s. Only they sign it.") % {"who": row.person or row.org})
    return _sign(row, by, by.account_id, by.name, SignedHow.OWN)


@verb
def sign_letter_by_pin(letter: Letter, *, by: Viewer, signer: Account, pin: str) -> Letter:
    """Whom the letter is for signs on a colleague's phone, with their own PIN."""
    require(by, "letters.issue", at=letter.org)
    row = _locked(letter)
    if not signers_of(row).filter(pk=signer.pk).exists():
        raise Refused(
            _("This letter is for %(who)s. Only they sign it.") % {"who": row.person or row.org}, field="signer"
        )
    check_pin(signer, pin)
    return _sign(row, by, signer.pk, str(signer), SignedHow.PIN)


@verb
def sign_letter_on_paper(letter: Letter, *, by: Viewer, on: date) -> Letter:
    """Record that the printed form was signed by hand, for somebody who has no account; the paper is filed."""
    require(by, "letters.issue", at=letter.org)
    row = _locked(letter)
    if row.person is None:
        raise Refused(_("The head of a unit signs on their own account."))
    if Account.objects.filter(person=row.person, is_active=True).exists():
        raise Refused(_("%(who)s has an account and signs on it, or by PIN on this phone.") % {"who": row.person})
    if on > by.today:
        raise Refused(_("This day has not come yet."), field="on")
    return _sign(row, by, None, row.person.name, SignedHow.PAPER, on=on)


def signers_of(letter: Letter) -> Any:
    """The open accounts that a letter is for."""
    if letter.person_id:
        return Account.objects.filter(person=letter.person_id, is_active=True)
    return heads_at(letter.org)


def _locked(letter: Letter) -> Letter:
    Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    row: Letter = Letter.objects.select_related("org", "pattern__org", "person", "renews", "signed_by").get(
        pk=letter.pk
    )
    return row


def _sign(row: Letter, by: Viewer, account_id: int | None, name: str, how: SignedHow, on: date | None = None) -> Letter:
    if row.state == LetterState.WITHDRAWN:
        raise Refused(_("This letter was withdrawn: %(why)s. Nothing is to be signed.") % {"why": row.withdrawn_why})
    if row.state == LetterState.SIGNED:
        if row.signed_by_id == account_id:
            return row
        raise Refused(_("%(name)s has signed already. Nothing more is needed.") % {"name": row.signed_name})
    row.salt, row.signed_name, row.signed_how = token_hex(16), name, how
    row.state, row.signed_at, row.signed_by_id = LetterState.SIGNED, by.moment, account_id
    row.content = canonical(content_of(row, on))
    row.save(update_fields=["salt", "signed_name", "signed_how", "state", "signed_at", "signed_by", "content"])
    record("letters.signed", row, by=by, org=row.org, how=str(how), on=on)
    append(row.org, by=by, item_id=row.public_id, kind=KIND, digest=digest_of(row.content))
    return row


def content_of(row: Letter, on: date | None) -> dict[str, Any]:
    """What is sealed: the text as it stood, to whom and by whom; persons as salted commitments."""
    text = row.pattern
    assert row.signed_at is not None
    return {
        "letter": str(row.public_id), "org": str(row.org.public_id), "asked_by": str(text.org.public_id),
        "title": text.title, "year": text.year, "unit_kind": text.unit_kind, "post": text.post, "basis": text.basis,
        "business": text.business, "safety": text.safety, "integrity": text.integrity, "targets": text.targets,
        "renews": str(row.renews.public_id) if row.renews else "", "signed_at": told(row.signed_at),
        "on": on.isoformat() if on else "", "how": str(row.signed_how), "name": commitment(row.salt, row.signed_name),
    }  # fmt: skip
