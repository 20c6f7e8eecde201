"""Issuing letters level by level, and withdrawing one."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.flows.letters.models import Letter, LetterState, Pattern
from houqin.flows.letters.queries import asked_of

titled({"letters.issued": _("Letters issued"), "letters.withdrawn": _("Letter withdrawn")})


@verb
def issue_letters(*, by: Viewer, pattern: Pattern, org: OrgUnit, until: date) -> list[Letter]:
    """Issue a text to everybody below a unit whom it is for and who has no letter of it yet; safe to repeat.

    A letter of last year's text to the same hands is the one that the new letter follows.
    """
    require(by, "letters.issue", at=org)
    pattern = Pattern.objects.select_for_update(of=("self",)).select_related("org", "renews").get(pk=pattern.pk)
    if not covers(pattern.org.path, org.path):
        raise NotVisible
    if pattern.ended_at:
        raise Refused(_("This text has ended. Choose one that is in use."), field="pattern")
    if until < by.today:
        raise Refused(_("The day to sign by has passed. Choose a later one."), field="until")
    asked = asked_of(pattern, org, by.today)
    if not asked:
        raise Refused(
            _("Nobody here is whom this letter is for. Record the posts and who holds them first."), field="pattern"
        )
    has = set(
        Letter.objects.standing()
        .filter(pattern=pattern, org__in={one for one, _who in asked})
        .values_list("org_id", "person_id")
    )
    new = [one for one in asked if one not in has]
    if not new:
        raise Refused(_("Everybody has this letter already."), field="pattern")
    before = _before(pattern)
    made = Letter.objects.bulk_create(
        Letter(
            pattern=pattern, org_id=unit, person_id=person, renews_id=before.get((unit, person)), issued_at=by.now,
            issued_by_id=by.account_id, due_on=until,
        )
        for unit, person in new
    )  # fmt: skip
    record("letters.issued", pattern, by=by, org=org, count=len(made), on=until)
    return made


def _before(pattern: Pattern) -> dict[tuple[int, int | None], int]:
    if pattern.renews is None:
        return {}
    rows = Letter.objects.standing().filter(pattern=pattern.renews)
    return {(org, person): pk for pk, org, person in rows.values_list("pk", "org_id", "person_id")}


@verb
def withdraw_letter(letter: Letter, *, by: Viewer, reason: str) -> Letter:
    """Withdraw a letter that was issued by mistake or to somebody who has gone. What was signed stays sealed."""
    letter = Letter.objects.select_for_update(of=("self",)).select_related("org", "pattern__org").get(pk=letter.pk)
    require(by, "letters.issue", at=letter.org if letter.person_id else letter.pattern.org)
    if letter.state == LetterState.WITHDRAWN:
        raise Refused(_("This letter has been withdrawn already."))
    letter.state, letter.withdrawn_at, letter.withdrawn_why = LetterState.WITHDRAWN, by.now, reason
    letter.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
    record("letters.withdrawn", letter, by=by, org=letter.org, reason=reason)
    return letter
