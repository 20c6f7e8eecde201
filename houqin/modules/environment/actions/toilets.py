"""Recording what toilets have, judging them once a year, and taking in what is tapped at their doors."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.places.models import Place
from houqin.core.places.owners import with_owners
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.after import happened
from houqin.flows.duties.models import Duty, DutyState
from houqin.modules.environment.duties import PREFIX
from houqin.modules.environment.models import WRONG, Fittings, Judgement, Word
from houqin.modules.environment.queries.goals import goals_on

TOILET = "toilet"
FIRST_YEAR = 2018
RECENT = timedelta(days=2)

titled(
    {
        "environment.fittings": _("What a toilet has recorded"),
        "environment.judged": _("Toilets judged"),
        "environment.told": _("Word from a toilet"),
    }
)


@verb
def record_fittings(
    place: Place, *, by: Viewer, boys_squats: int, boys_urinals: int, girls_squats: int, basins: int
) -> Fittings:
    """Record how many squats, urinals and basins a toilet has."""
    require(by, "environment.record", at=place.org)
    if place.use != TOILET:
        raise Refused(_("%(place)s is no toilet. Say on its page what it is used for.") % {"place": place})
    Place.objects.select_for_update().get(pk=place.pk)
    row = Fittings.objects.filter(place=place).first() or Fittings(org=place.org, place=place)
    values = {
        "boys_squats": boys_squats, "boys_urinals": boys_urinals, "girls_squats": girls_squats, "basins": basins,
    }  # fmt: skip
    changed = [name for name, value in values.items() if row.pk is None or getattr(row, name) != value]
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    if changed:
        record("environment.fittings", place, by=by, org=place.org, **values)
    return row


@verb
def judge_toilets(org: OrgUnit, *, by: Viewer, year: int, evidence: str, percent: int, reason: str) -> Judgement:
    """Judge one thing about a school's toilets for a year, with the reason; again, the trail keeps what stood before."""
    require(by, "environment.record", at=org)
    OrgUnit.objects.select_for_update().get(pk=org.pk)
    judged = {one.code for goal in goals_on(by.today) for one in goal.evidence if one.measure is None}
    if evidence not in judged:
        raise Refused(_("Choose what is judged from the list."), field="evidence")
    if not FIRST_YEAR <= year <= by.today.year:
        raise Refused(_("Judge this year or one before it."), field="year")
    if not reason.strip():
        raise Refused(_("Write why: what is there, what is lacking."), field="reason")
    values = {"percent": percent, "reason": reason.strip(), "at": by.moment, "account_id": by.account_id}
    row = Judgement.objects.filter(org=org, year=year, evidence=evidence).first()
    before = row.percent if row else None
    row = row or Judgement(org=org, year=year, evidence=evidence)
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    record(
        "environment.judged", row, by=by, org=org, year=year, evidence=evidence, percent=percent, before=before,
        reason=row.reason,
    )  # fmt: skip
    return row


@verb
def hear(place: Place, *, by: Viewer, saying: str) -> Word:
    """Take in one tap at the door of a toilet; what is wrong becomes a duty of whoever answers for it, unless one is open.

    By the system: the visitor is nobody in particular.
    """
    if not by.is_system:
        raise Refused(_("This is tapped at the door of the toilet, without signing in."))
    row = with_owners(Place.objects.in_use().filter(pk=place.pk), by.today).select_related("org").first()
    if row is None or row.use != TOILET:
        raise Refused(_("This toilet is not in use any more."))
    word = Word(org=row.org, place=row, saying=saying, day=by.today, at=by.moment)
    word.full_clean()
    word.save()
    if saying in WRONG:
        _ask(row, saying, by)
    record("environment.told", row, by=by, org=row.org, saying=saying)
    return word


def _ask(place: Any, saying: str, by: Viewer) -> None:
    """One open duty for each thing that is wrong at a toilet; a further report after it was done asks again."""
    rule = f"{PREFIX}{saying}"
    recent = Duty.objects.filter(rule=rule, about=place.subject_id, opens_at__gt=by.moment - RECENT)
    if recent.filter(state=DutyState.OPEN).exists():
        return
    number = recent.count() + 1
    slot = str(number) if number > 1 else ""
    happened(rule, place.org, at=by.moment, slot=slot, about_id=place.subject_id, post=place.owner_code or "")
    if place.owner_id:
        recent.filter(slot=slot, state=DutyState.OPEN).update(person_id=place.owner_id)
