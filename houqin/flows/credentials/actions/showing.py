"""Papers handed over with goods: one number or one photo, typed in a hurry, for one or more kinds at once."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.files.pictures import Upload
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.actions.recording import before, fitting, keep
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import kinds_on
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.renewals import follow_up
from houqin.flows.credentials.rules import BadDates, BadNumber, check_dates, checked_number, plain_number
from houqin.flows.credentials.words import bad_dates, bad_number

LICENCES = {"JY", "SC", "QS"}


@verb
def record_shown(
    org: OrgUnit,
    *,
    by: Viewer,
    holders: Mapping[str, Subject],
    number: str = "",
    photo: Upload | None = None,
    expires_on: date | None = None,
) -> dict[str, Credential]:
    """Record papers shown together, each kind with who holds it; they count at once, unverified.

    A number that was written before with the same last day is the same paper: it is not recorded again.
    """
    require(by, "credentials.record", at=org)
    if not number.strip() and photo is None:
        raise Refused(_("Write the number or take a photo."), field="number")
    if not holders:
        raise Refused(_("Choose which one it is."), field="kind")
    list(
        Subject.objects.select_for_update(of=("self",))
        .filter(pk__in={one.pk for one in holders.values()})
        .order_by("pk")
    )
    known = kinds_on(by.today)
    kinds = [fitting(known, code, holder) for code, holder in holders.items()]
    plain = _plain(kinds, number)
    try:
        check_dates(None, expires_on, today=by.today, months=None, strict=True)
    except BadDates as error:
        raise bad_dates(kinds[0], error) from None
    same = Credential.objects.filter(org=org, revoked_at__isnull=True, number=plain, expires_on=expires_on)
    found = {(row.holder_id, row.kind): row for row in same.filter(kind__in=holders)} if photo is None else {}
    picture = keep(org, by, next((kind for kind in kinds if kind.personal), kinds[0]), photo)
    shown: dict[str, Credential] = {}
    made: list[int] = []
    for kind in kinds:
        holder = holders[kind.code]
        row = found.get((holder.pk, kind.code))
        if row is None:
            row = Credential(
                org=org, holder=holder, kind=kind.code, number=plain, expires_on=expires_on, photo=picture,
                recorded_at=by.now, account_id=by.account_id,
            )  # fmt: skip
            row.renews = before(row, kind)
            row.save()
            made.append(holder.pk)
            record("credentials.recorded", row, by=by, org=org, kind=kind.code, expires_on=expires_on)
        shown[kind.code] = row
    if made and expires_on:
        follow_up(made, by=by)
    return shown


def _plain(kinds: Sequence[CredentialKind], number: str) -> str:
    """A licence's number with its check digit; one shown for several papers is a licence's where it looks like one."""
    alone = len(kinds) == 1 or plain_number(number)[:2] in LICENCES
    kind = next((kind for kind in kinds if kind.number and alone), kinds[0])
    try:
        return checked_number(kind.number if alone else "", number)[:60]
    except BadNumber as error:
        raise bad_number(kind, error) from None
