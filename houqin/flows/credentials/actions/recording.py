"""Recording what somebody or something holds, putting it right, renewing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.actions import keep_photo
from houqin.core.files.models import StoredFile
from houqin.core.files.pictures import Upload
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import kinds_on, title
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.renewals import follow_up
from houqin.flows.credentials.rules import BadDates, BadNumber, check_dates, checked_number, last_day
from houqin.flows.credentials.words import bad_dates, bad_number

titled(
    {
        "credentials.recorded": _("Credential recorded"),
        "credentials.amended": _("Credential put right"),
        "credentials.renewed": _("Credential renewed"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What a credential says, checked."""

    number: str
    issued_on: date | None
    expires_on: date | None
    issuer: str


@verb
def record_credential(
    holder: Subject,
    *,
    by: Viewer,
    kind: str,
    org: OrgUnit | None = None,
    number: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    issuer: str = "",
    photo: Upload | None = None,
    about: Subject | None = None,
    from_paper: bool = False,
) -> Credential:
    """Record what a holder has, for all of its goods or ``about`` one. ``org`` keeps it, by default the holder's own unit."""
    unit = org or holder.org
    require(by, "credentials.record", at=unit)
    for subject in filter(None, (holder, about)):
        if not (covers(subject.org.path, unit.path) or covers(unit.path, subject.org.path)):
            raise NotVisible
    Subject.objects.select_for_update(of=("self",)).get(pk=holder.pk)
    known = kind_named(kind, holder, by)
    said = particulars(known, by, number, issued_on, expires_on, issuer, from_paper=from_paper)
    _say_something(said, photo)
    twice = (
        Credential.objects.standing()
        .kept_by(unit)
        .filter(
            holder=holder,
            about=about,
            kind=kind,
            number=said.number,
            issued_on=said.issued_on,
            expires_on=said.expires_on,
        )
    )
    if twice.exists():
        raise Refused(_("This one is recorded already."), field="number")
    row = Credential(
        org=unit, holder=holder, about=about, kind=kind, **vars(said), photo=keep(unit, by, known, photo),
        from_paper=from_paper, recorded_at=by.now, account_id=by.account_id,
    )  # fmt: skip
    row.renews = before(row, known)
    row.full_clean()
    row.save()
    record("credentials.recorded", row, by=by, org=unit, kind=kind, expires_on=said.expires_on)
    follow_up([row.holder_id], by=by, at=row.org)
    return row


@verb
def amend_credential(
    credential: Credential,
    *,
    by: Viewer,
    number: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    issuer: str = "",
    photo: Upload | None = None,
) -> Credential:
    """Put right what was written, as long as no second person has looked at it."""
    require(by, "credentials.record", at=credential.org)
    row = locked(credential)
    _still_stands(row)
    if row.verified_at:
        raise Refused(_("A second person has verified it. What changed since is a renewal; what is wrong is revoked."))
    known = kind_named(row.kind, row.holder, by)
    said = particulars(known, by, number, issued_on, expires_on, issuer, from_paper=row.from_paper)
    kept = keep(row.org, by, known, photo) or row.photo
    if kept is None:
        _say_something(said, None)
    if changed := row.amend({**vars(said), "photo": kept}):
        record("credentials.amended", row, by=by, org=row.org, fields=changed)
        follow_up([row.holder_id], by=by, at=row.org)
    return row


@verb
def renew_credential(
    credential: Credential,
    *,
    by: Viewer,
    number: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    issuer: str = "",
    photo: Upload | None = None,
) -> Credential:
    """Record the one that comes after it; the chain stays. Without a number it keeps the old one's."""
    require(by, "credentials.record", at=credential.org)
    old = locked(credential)
    if hasattr(old, "renewed_by"):
        raise Refused(_("Somebody has recorded the new one already. Reload the page and look."))
    known = kind_named(old.kind, old.holder, by)
    said = particulars(known, by, number or old.number, issued_on, expires_on, issuer or old.issuer, from_paper=False)
    if said.expires_on and old.expires_on and said.expires_on <= old.expires_on:
        text = _("The one before it holds until %(day)s. A renewal ends later: look at the date again.")
        raise Refused(text % {"day": old.expires_on.isoformat()}, field="expires_on")
    if old.expires_on and not said.expires_on:
        raise Refused(_("Write until when the new one is valid."), field="expires_on")
    row = Credential(
        org=old.org, holder=old.holder, about=old.about, kind=old.kind, **vars(said), photo=keep(old.org, by, known, photo), renews=old,
        recorded_at=by.now, account_id=by.account_id,
    )  # fmt: skip
    row.full_clean()
    row.save()
    record("credentials.renewed", row, by=by, org=old.org, before=old, expires_on=said.expires_on)
    follow_up([row.holder_id], by=by, at=row.org)
    return row


def before(row: Credential, kind: CredentialKind) -> Credential | None:
    """What its holder had that a new one comes after: of its kind, ending earlier; of several at a time, the same number."""
    if row.expires_on is None:
        return None
    rows = Credential.objects.standing().kept_by(row.org).filter(
        holder=row.holder, about=row.about, kind=row.kind, expires_on__lt=row.expires_on
    )  # fmt: skip
    rows = rows.filter(number=row.number) if kind.several else rows
    found: Credential | None = rows.order_by("-expires_on", "-pk").first()
    return found


def kind_named(code: str, holder: Subject, by: Viewer) -> CredentialKind:
    """The kind, which this holder can have."""
    return fitting(kinds_on(by.today), code, holder)


def fitting(kinds: Mapping[str, CredentialKind], code: str, holder: Subject) -> CredentialKind:
    """The kind of a code among these, which this holder can have."""
    kind = kinds.get(code)
    if kind is None:
        raise Refused(_("Choose which one it is."), field="kind")
    if holder.kind not in kind.holders:
        raise Refused(_("“%(kind)s” is not held by this. Choose another kind.") % {"kind": title(kind)}, field="kind")
    return kind


def particulars(
    kind: CredentialKind, by: Viewer, number: str, issued_on: date | None, expires_on: date | None, issuer: str,
    *, from_paper: bool,
) -> Particulars:  # fmt: skip
    """Number and dates as they are kept: a date left out follows from the kind's validity; what cannot be is refused."""
    try:
        plain = checked_number(kind.number, number)
    except BadNumber as error:
        raise bad_number(kind, error) from None
    months = kind.validity.months if kind.validity else None
    if issued_on and expires_on is None and months:
        expires_on = last_day(issued_on, months)
    by_law = months if kind.validity and kind.validity.confidence == "A" and not from_paper else None
    try:
        check_dates(issued_on, expires_on, today=by.today, months=by_law, strict=not from_paper)
    except BadDates as error:
        raise bad_dates(kind, error) from None
    return Particulars(number=plain[:60], issued_on=issued_on, expires_on=expires_on, issuer=issuer.strip())


def keep(org: OrgUnit, by: Viewer, kind: CredentialKind, photo: Upload | None) -> StoredFile | None:
    """The photo of the paper; a person's is not drawn on pages unasked."""
    if photo is None:
        return None
    data_class = DataClass.PERSONAL if kind.personal else DataClass.OPERATIONAL
    return keep_photo(
        org, by=by, upload=photo, permission="credentials.view", name=title(kind)[:120],
        stamp=f"{org.name} · {title(kind)}", data_class=data_class,
    )  # fmt: skip


def locked(credential: Credential) -> Credential:
    """The row as it stands now."""
    rows = Credential.objects.select_for_update(of=("self",)).select_related(
        "org", "holder__org", "about", "renewed_by", "photo"
    )
    row: Credential = rows.get(pk=credential.pk)
    return row


def _still_stands(row: Credential) -> None:
    if row.revoked_at:
        raise Refused(_("It was revoked. Record the new one."))
    if hasattr(row, "renewed_by"):
        raise Refused(_("A newer one has been recorded. Look at that."))


def _say_something(said: Particulars, photo: Upload | None) -> None:
    if not said.number and said.expires_on is None and photo is None:
        raise Refused(_("Write the number or the date, or take a photo."), field="number")
