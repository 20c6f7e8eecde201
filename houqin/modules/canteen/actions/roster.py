"""Who works in the kitchen's posts on a day: standing in, and deciding where a rule leaves it to a person."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person, Post
from houqin.core.people.posts import holdings, kinds_handling_food
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Admission, Relief
from houqin.modules.canteen.queries.roster import fitness_of
from houqin.modules.canteen.roster_words import why_off
from houqin.modules.canteen.rules.roster import Check, Verdict

titled(
    {
        "canteen.relief_arranged": _("Relief arranged"),
        "canteen.relief_ended": _("Relief called off"),
        "canteen.admitted": _("Admitted to the post in spite of the morning check"),
    }
)
AHEAD = timedelta(days=31)


@verb
def arrange_relief(
    org: OrgUnit, *, by: Viewer, post: Post, person: Person, day: date, instead_of: Person | None = None
) -> Relief:
    """Somebody of the school stands in for a day. Without a valid health certificate nobody does."""
    require(by, "canteen.record", at=org)
    org = OrgUnit.objects.select_for_update().get(pk=org.pk)
    if post.org_id != org.pk or person.org_id != org.pk or (instead_of is not None and instead_of.org_id != org.pk):
        raise NotVisible
    _check_day(day, by)
    if post.kind not in kinds_handling_food(day):
        raise Refused(_("This post does not handle food. Choose a post of the kitchen."), field="post")
    if person.left_on is not None and person.left_on <= day:
        raise Refused(_("This person has left. Choose somebody who works here."), field="person")
    one = fitness_of(org, [person], day, by.today)[person.pk]
    if one.is_off:
        raise Refused(why_off(one, day, by.today), field="person")
    here = holdings(day).filter(post=post, person=person, is_deputy=False).exists()
    if here or Relief.objects.filter(day=day, post=post, person=person).exists():
        raise Refused(_("%(name)s works in this post on that day already.") % {"name": person}, field="person")
    row: Relief = Relief.objects.create(
        org=org, day=day, post=post, person=person, instead_of=instead_of, arranged_at=by.now, account_id=by.account_id
    )
    record("canteen.relief_arranged", row, by=by, org=org, post=str(post), person=person, day=day)
    return row


@verb
def call_off_relief(relief: Relief, *, by: Viewer) -> None:
    """Nobody stands in after all; the trail keeps that somebody was to."""
    require(by, "canteen.record", at=relief.org)
    row = (
        Relief.objects.select_for_update(of=("self",))
        .select_related("org", "post", "person")
        .filter(pk=relief.pk)
        .first()
    )
    if row is None:
        raise Refused(_("Somebody has called it off already."))
    if row.day < by.today:
        raise Refused(_("That day is over: it stays as it was."))
    record("canteen.relief_ended", row, by=by, org=row.org, post=str(row.post), person=row.person, day=row.day)
    row.delete()


@verb
def admit_to_post(person: Person, *, by: Viewer, day: date, reason: str) -> Admission:
    """The head lets somebody work whose morning check was not in order. A health certificate is law: nobody decides that."""
    require(by, "canteen.countersign", at=person.org)
    org = OrgUnit.objects.select_for_update().get(pk=person.org_id)
    if day != by.today:
        raise Refused(_("The morning check is of today: decide it on the day."), field="day")
    if not reason.strip():
        raise Refused(_("Say why: it stays on record."), field="reason")
    one = fitness_of(org, [person], day, by.today)[person.pk]
    if one.verdict in (Verdict.NO_CERTIFICATE, Verdict.ENDED):
        raise Refused(why_off(one, day, by.today))
    if one.admission is not None or one.check != Check.FAILED:
        raise Refused(_("Nothing keeps %(name)s off the post.") % {"name": person})
    row: Admission = Admission.objects.create(
        org=org, day=day, person=person, reason=reason.strip()[:200], decided_at=by.now, account_id=by.account_id
    )
    record("canteen.admitted", row, by=by, org=org, person=person, day=day, reason=reason)
    return row


def _check_day(day: date, by: Viewer) -> None:
    if day < by.today:
        raise Refused(_("That day is over: it stays as it was."), field="day")
    if day > by.today + AHEAD:
        raise Refused(_("That is more than a month ahead. Arrange it nearer to the day."), field="day")
