"""Deeds on staff and posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.gates import Lack, lacking, relief
from houqin.core.people.models import Person, Post, PostHolding
from houqin.core.people.posts import kind_of_title, post_kinds
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.inserting import insert_rows

MOST_NAMED, WHY = 3, 200

titled(
    {
        "people.roster_recorded": _("Staff recorded"),
        "people.person_corrected": _("Person corrected"),
        "people.person_left": _("Person left"),
        "people.appointed": _("Appointed to a post"),
        "people.holding_ended": _("Post given up"),
    }
)


@dataclass(frozen=True)
class RosterLine:
    """One line of a roster: who works here in which post."""

    name: str
    post: str = ""
    sex: str = ""
    birth_year: int | None = None
    phone: str = ""


@verb
def record_roster(
    org: OrgUnit, *, by: Viewer, lines: Sequence[RosterLine], from_on: date, canteen: bool = False
) -> list[Person]:
    """Record people of a unit with their posts; each line makes one person. ``canteen``: it is the roster of a canteen."""
    require(by, "people.change", at=org)
    persons = insert_rows(
        Person(org=org, name=line.name, sex=line.sex, birth_year=line.birth_year, phone=line.phone) for line in lines
    )
    titles = {line.post for line in lines if line.post}
    posts = {post.title: post for post in Post.objects.filter(org=org, title__in=titles)}
    kinds = post_kinds(by.today) if titles - posts.keys() else {}
    for title in sorted(titles - posts.keys()):
        posts[title] = Post.objects.create(org=org, title=title, kind=kind_of_title(title, kinds, canteen=canteen))
    insert_rows(
        PostHolding(post=posts[line.post], person=person, from_on=from_on)
        for person, line in zip(persons, lines, strict=True)
        if line.post
    )
    record("people.roster_recorded", org, by=by, org=org, count=len(persons))
    return persons


@verb
def correct_person(person: Person, *, by: Viewer, line: RosterLine) -> Person:
    """Correct what is recorded about somebody."""
    require(by, "people.change", at=person.org)
    person = Person.objects.select_for_update(of=("self",)).select_related("org").get(pk=person.pk)
    values = {"name": line.name, "sex": line.sex, "birth_year": line.birth_year, "phone": line.phone}
    if changed := person.amend(values):
        record("people.person_corrected", person, by=by, org=person.org, fields=changed)
    return person


@verb
def leave(person: Person, *, by: Viewer, on: date) -> Person:
    """Somebody leaves: their posts end with that day."""
    require(by, "people.change", at=person.org)
    person = Person.objects.select_for_update(of=("self",)).select_related("org").get(pk=person.pk)
    if person.left_on:
        raise Refused(_("This person has left already."))
    person.left_on = on
    person.save(update_fields=["left_on"])
    lasting = Q(to_on__isnull=True) | Q(to_on__gt=on)
    PostHolding.objects.filter(lasting, person=person, from_on__lte=on).update(to_on=on)
    record("people.person_left", person, by=by, org=person.org, on=on)
    emit("people.left", by=by, org=person.org, subject=person, person=person.pk)
    return person


@verb
def appoint(
    person: Person,
    *,
    by: Viewer,
    org: OrgUnit,
    title: str,
    from_on: date,
    until: date | None = None,
    is_deputy: bool = False,
    kind: str = "",
    because: str = "",
) -> PostHolding:
    """Give somebody a post from a day on; a deputy who stands in for a while also until a day.

    A new post is of the ``kind`` given, else of the one that its title names. Who lacks a paper that law asks of the post
    is not appointed; where something else is missing, ``because`` says why all the same.
    """
    require(by, "people.change", at=org)
    person = Person.objects.select_for_update(of=("self",)).select_related("org").get(pk=person.pk)
    require(by, "people.change", at=person.org)
    if person.left_on and person.left_on <= from_on:
        raise Refused(_("This person has left. Choose somebody who works here."))
    if until and until < from_on:
        raise Refused(_("It cannot end before it began."), field="until")
    title = title.strip()
    post = Post.objects.filter(org=org, title=title).first()
    if post is None:
        kinds = post_kinds(by.today)
        post = Post.objects.create(
            org=org, title=title, kind=(kind if kind in kinds else "") or kind_of_title(title, kinds)
        )
    if PostHolding.objects.on(from_on).filter(post=post, person=person).exists():
        raise Refused(_("This person holds the post already."))
    lacks = _lacks(post, person, from_on, because)
    row = PostHolding.objects.create(post=post, person=person, from_on=from_on, to_on=until, is_deputy=is_deputy)
    told: dict[str, Any] = {"lacking": [lack.code for lack in lacks], "because": because.strip()[:WHY]} if lacks else {}
    record(
        "people.appointed", person, by=by, org=org, post=title, from_on=from_on, to_on=until, is_deputy=is_deputy, **told
    )  # fmt: skip
    return row


def _lacks(post: Post, person: Person, day: date, because: str) -> list[Lack]:
    """What the person lacks for a post that is looked at already at the appointment. Raises Refused, naming who may."""
    kind = post_kinds(day).get(post.kind)
    if kind is None or not kind.gate:
        return []
    found = lacking([person.pk], [kind.code], day).get((person.pk, kind.code), [])
    told = {"person": person, "post": post, "papers": gettext(", ").join(str(lack) for lack in found)}
    if any(lack.blocks for lack in found):
        others = [one.name for one in relief(post.org, kind.code, day) if one.pk != person.pk][:MOST_NAMED]
        text = _(
            "%(person)s has no valid “%(papers)s”, which law asks for here: not appointed as %(post)s. Record it first."
        )
        who = gettext("Who may: %(names)s.") % {"names": gettext(", ").join(others)} if others else ""
        raise Refused(f"{text % told} {who}".strip(), field="person")
    if found and not because.strip():
        raise Refused(
            _("%(person)s has no valid “%(papers)s” for the post %(post)s. Record it first, or say why all the same.")
            % told,
            field="because",
        )
    return found


@verb
def end_holding(holding: PostHolding, *, by: Viewer, on: date) -> PostHolding:
    """Somebody gives a post up."""
    holding = (
        PostHolding.objects.select_for_update(of=("self",)).select_related("post__org", "person").get(pk=holding.pk)
    )
    require(by, "people.change", at=holding.post.org)
    if holding.to_on and holding.to_on <= max(on, by.today):
        raise Refused(_("This has ended already."))
    if on < holding.from_on:
        raise Refused(_("It cannot end before it began."), field="on")
    holding.to_on = on
    holding.save(update_fields=["to_on"])
    record("people.holding_ended", holding.person, by=by, org=holding.post.org, post=str(holding.post), on=on)
    return holding
