"""Recording firms."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.lib.codes import is_credit_code

titled({"parties.recorded": _("Supplier recorded"), "parties.corrected": _("Supplier corrected")})
SUBJECT_KIND = "party"


@verb
def record_parties(org: OrgUnit, *, by: Viewer, names: Sequence[str]) -> dict[str, Party]:
    """Record firms by name at a unit; names that are known there are returned as they are."""
    require(by, "parties.change", at=org)
    known = {row.name: row for row in Party.objects.filter(org=org, name__in=names)}
    missing = [name for name in dict.fromkeys(names) if name not in known]
    subjects = Subject.objects.bulk_create(Subject(kind=SUBJECT_KIND, org=org, label=name) for name in missing)
    made = Party.objects.bulk_create(
        Party(org=org, name=name, subject=subject) for name, subject in zip(missing, subjects, strict=True)
    )
    for row in made:
        record("parties.recorded", row, by=by, org=org)
    return known | {row.name: row for row in made}


@verb
def record_party(
    org: OrgUnit,
    *,
    by: Viewer,
    name: str,
    credit_code: str = "",
    address: str = "",
    contact: str = "",
    phone: str = "",
) -> Party:
    """Record one firm with its particulars."""
    require(by, "parties.change", at=org)
    if Party.objects.filter(org=org, name=name).exists():
        raise Refused(_("This name is recorded here already."), field="name")
    _check_credit_code(org, credit_code)
    subject = Subject.objects.create(kind=SUBJECT_KIND, org=org, label=name)
    row = Party(
        org=org,
        name=name,
        credit_code=credit_code,
        address=address,
        contact=contact,
        phone=phone,
        subject=subject,
    )
    row.full_clean()
    row.save()
    record("parties.recorded", row, by=by, org=org)
    return row


@verb
def correct_party(party: Party, *, by: Viewer, credit_code: str, address: str, contact: str, phone: str) -> Party:
    """Correct a firm's particulars. Its name as recorded stays; another name is another row, merged."""
    require(by, "parties.change", at=party.org)
    party = Party.objects.select_for_update(of=("self",)).select_related("org").get(pk=party.pk)
    if credit_code != party.credit_code:
        _check_credit_code(party.org, credit_code)
    values = {"credit_code": credit_code, "address": address, "contact": contact, "phone": phone}
    if changed := party.amend(values):
        record("parties.corrected", party, by=by, org=party.org, fields=changed)
    return party


def _check_credit_code(org: OrgUnit, code: str) -> None:
    if not code:
        return
    if not is_credit_code(code):
        raise Refused(
            _("This social credit code is not well formed: 18 characters, the last one checks the others."),
            field="credit_code",
        )
    if Party.objects.filter(org=org, credit_code=code).exists():
        raise Refused(_("Another firm has this social credit code."), field="credit_code")
