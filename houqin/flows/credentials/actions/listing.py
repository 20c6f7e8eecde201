"""Many at once, as lists have them: each marked from paper, each waiting for its second look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.actions.recording import Particulars, particulars
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import kinds_on
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.renewals import follow_up
from houqin.lib.codes import is_identity_number

titled({"credentials.listed": _("Credentials recorded from a list")})


@dataclass(frozen=True, kw_only=True)
class ListLine:
    """One line of a list: who holds what, as written."""

    holder: Subject
    kind: str
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Listed:
    """What became of a line: the credential that says so now, or why it cannot be."""

    credential: Credential | None
    refusal: Refused | None = None
    left_out_number: bool = False


@verb
def record_list(org: OrgUnit, *, by: Viewer, lines: Sequence[ListLine]) -> list[Listed]:
    """Record what a list says of holders of one unit, whatever their dates: it is history.

    A line that says what stands already changes nothing; a later end renews what stands; other words on what nobody has
    verified put it right. Set-based: the queries do not grow with the lines, save for what changes.
    """
    require(by, "credentials.record", at=org)
    list(
        Subject.objects.select_for_update(of=("self",)).filter(pk__in={line.holder.pk for line in lines}).order_by("pk")
    )
    kinds = kinds_on(by.today)
    rows = Credential.objects.standing().kept_by(org).filter(holder__in={line.holder.pk for line in lines})
    standing = {_key(kinds, row.holder_id, row.kind, row.number): row for row in rows.order_by("pk")}
    done: list[Listed] = []
    fresh: list[Credential] = []
    for line in lines:
        try:
            said, left_out = _said(kinds, by, line)
        except Refused as refusal:
            done.append(Listed(None, refusal))
            continue
        before = standing.get(_key(kinds, line.holder.pk, line.kind, said.number))
        row = _settled(before, said, by)
        if row is None:
            row = Credential(
                org=org, holder=line.holder, kind=line.kind, **vars(said), from_paper=True,
                renews=before if before is not None and before.pk else None, recorded_at=by.now, account_id=by.account_id,
            )  # fmt: skip
            fresh.append(row)
            standing[_key(kinds, line.holder.pk, line.kind, said.number)] = row
        done.append(Listed(row, None, left_out))
    Credential.objects.bulk_create(fresh)
    if fresh:
        record("credentials.listed", org, by=by, org=org, count=len(fresh))
    follow_up((line.holder.pk for line in lines), by=by, at=org)
    return done


def _key(kinds: dict[str, CredentialKind], holder: int, code: str, number: str) -> tuple[int, str, str]:
    """What a line is about: a holder's one of a kind, or one number of those of which it may have several."""
    kind = kinds.get(code)
    return holder, code, number if kind is not None and kind.several else ""


def _said(kinds: dict[str, CredentialKind], by: Viewer, line: ListLine) -> tuple[Particulars, bool]:
    """What the line says; an identity number in place of a certificate's is left out."""
    kind = kinds.get(line.kind)
    if kind is None or line.holder.kind not in kind.holders:
        raise Refused(_("Choose which one it is."), field="kind")
    left_out = is_identity_number(line.number)
    number = "" if left_out else line.number
    said = particulars(kind, by, number, line.issued_on, line.expires_on, "", from_paper=True)
    if not said.number and said.expires_on is None:
        raise Refused(_("Neither a number nor a date is written."), field="number")
    return said, left_out


def _settled(before: Credential | None, said: Particulars, by: Viewer) -> Credential | None:
    """The row that says it already, is put right to say it, or was verified as something else; None: a new one is needed."""
    if before is None:
        return None
    later = said.expires_on and (before.expires_on is None or said.expires_on > before.expires_on)
    if later and (before.verified_at or before.pk is None or before.number != said.number):
        return None
    if before.verified_at or before.pk is None:
        return before
    values = {"number": said.number or before.number, "expires_on": said.expires_on or before.expires_on}
    values["issued_on"] = said.issued_on or before.issued_on
    if changed := before.amend(values):
        record("credentials.amended", before, by=by, org=before.org, fields=changed)
    return before
