"""What a ledger's gate says of whoever did it: a permission to start is refused, a fact is recorded and stands as a breach."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.gates import Lack, lacking, relief
from houqin.core.people.models import Person
from houqin.core.scope.models import within
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.bodies import BY
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.drafts import Draft
from houqin.flows.ledgers.rules.judging import Lacking
from houqin.ui import formats

MOST_NAMED = 3
CERTIFIED = Column(code="certified", zh="持证上岗", en="Certified for the post", kind="text")


def check_gate(org: OrgUnit, draft: Draft, *, by: Viewer, starts: bool) -> None:
    """Add to the draft's findings what whoever did it lacks for the post of the ledger. No query where it has no gate.

    Where the entry ``starts`` something now (the bus before its run) and finds all in order, whoever lacks what law asks
    for is refused, and who may is named. What has happened, or stops something, is never refused.
    """
    gate = draft.resolved.ledger.gate
    if gate is None or draft.nothing_to_report:
        return
    refuses = gate.release and starts and not draft.findings
    person = _who(org, draft.values.get(gate.who), by) if gate.who else _writer(by)
    if person is None:
        if refuses and gate.who:
            raise Refused(_("Choose who it is from the staff: only there is the certificate known."), field=gate.who)
        return
    post = draft.resolved.ledger.post
    lacks = lacking([person.pk], [post], draft.day).get((person.pk, post), [])
    if refuses and (blocking := [lack for lack in lacks if lack.blocks]):
        raise Refused(_refusal(org, person, post, blocking, draft), field=gate.who)
    if lacks:
        with override(settings.LANGUAGE_CODE):
            draft.findings.append(_finding(gate.who or BY, lacks))


def _who(org: OrgUnit, value: Any, by: Viewer) -> Person | None:
    """Whom the value names: by id, else the only one of the staff with this name."""
    named = value if isinstance(value, dict) else {}
    staff = Person.objects.filter(within("org__path", (org.path,), inherited=True))
    if named.get("id"):
        return staff.filter(public_id=named["id"]).first()
    found = list(staff.filter(name=str(named.get("name", "")).strip(), left_on__isnull=True)[:2])
    return found[0] if len(found) == 1 else None


def _writer(by: Viewer) -> Person | None:
    return Person.objects.filter(pk=by.person_id).first() if by.person_id else None


def _refusal(org: OrgUnit, person: Person, post: str, lacks: list[Lack], draft: Draft) -> str:
    told = {"person": person.name, "papers": formats.listed(str(lack) for lack in lacks)}
    text = _("%(person)s has no valid “%(papers)s”: not released. Law lets nobody decide otherwise.") % told
    others = [one.name for one in relief(org, post, draft.day) if one.pk != person.pk][:MOST_NAMED]
    return f"{text} {_('Who may: %(names)s.') % {'names': formats.listed(others)}}" if others else text


def _finding(key: str, lacks: list[Lack]) -> Lacking:
    """One for all that is lacking, what law asks for first."""
    first, *_others = ordered = sorted(lacks, key=lambda lack: not lack.blocks)
    known = _("ended on %(day)s") % {"day": first.ended_on.isoformat()} if first.ended_on else _("none on record")
    names = formats.listed(str(lack) for lack in ordered)
    return Lacking(key, CERTIFIED, known, paper=names, source=first.source, by_law=first.blocks)
