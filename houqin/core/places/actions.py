"""Recording where things stand, changing it, naming who answers, taking places out of use, stopping and releasing them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.files.actions import keep_photo
from houqin.core.files.models import StoredFile
from houqin.core.files.pictures import Upload
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.people.posts import post_kinds
from houqin.core.places.catalogue import PlaceUse
from houqin.core.places.models import Place, Stop
from houqin.core.places.policies import RELEASE_BY_ANOTHER
from houqin.core.places.queries import uses_on
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.core.subjects.models import Subject

SUBJECT_KIND = "place"
MOST_AT_ONCE = 200
OLDEST = 1950

titled(
    {
        "places.recorded": _("Place recorded"),
        "places.changed": _("Place changed"),
        "places.out_of_use": _("Place taken out of use"),
        "places.back_in_use": _("Place back in use"),
        "places.stopped": _("Use stopped"),
        "places.released": _("Released for use"),
        "places.owner_named": _("Owner of a place named"),
    }
)


@dataclass(frozen=True, kw_only=True)
class PlaceLine:
    """One of many pieces of equipment recorded together."""

    name: str
    use: str = ""
    kind: str = "equipment"
    serial: str = ""
    made_on: date | None = None
    within: Place | None = None
    note: str = ""


@verb
def record_place(
    org: OrgUnit,
    *,
    by: Viewer,
    kind: str,
    name: str,
    within: Place | None = None,
    note: str = "",
    use: str = "",
    serial: str = "",
    made_on: date | None = None,
) -> Place:
    """Record a place of a unit; it gets a label of its own. What it is used for says which kind of place it is."""
    require(by, "places.change", at=org)
    org = _open_unit(org)
    _check_name(org, name)
    kind = _kind_of(use, kind, uses_on(by.today) if use else {})
    _check_made(made_on, by)
    place = Place(org=org, kind=kind, name=name, note=note, use=use, serial=serial, made_on=made_on)
    _check_within(place, within)
    place.within = within
    place.subject = Subject.objects.create(kind=SUBJECT_KIND, org=org, label=name)
    place.full_clean()
    place.save()
    record("places.recorded", place, by=by, org=org, kind=kind, within=within)
    _tell(org, by, use)
    return place


@verb
def record_places(org: OrgUnit, *, by: Viewer, lines: Sequence[PlaceLine]) -> list[Place]:
    """Record many pieces of equipment at once, each with a label of its own. Set-based."""
    require(by, "places.change", at=org)
    org = _open_unit(org)
    if not lines:
        raise Refused(_("Write at least one line, such as “first floor 8”."), field="several")
    if len(lines) > MOST_AT_ONCE:
        raise Refused(
            _("That is more than %(most)s at once. Record it in parts.") % {"most": MOST_AT_ONCE}, field="several"
        )
    names = [line.name for line in lines]
    taken = set(Place.objects.in_use().filter(org=org, name__in=names).values_list("name", flat=True))
    taken |= {name for name, times in Counter(names).items() if times > 1}
    if taken:
        raise Refused(_("%(names)s: exists already.") % {"names": "、".join(sorted(taken)[:5])}, field="several")
    subjects = Subject.objects.bulk_create(Subject(kind=SUBJECT_KIND, org=org, label=line.name) for line in lines)
    rows, uses = [], uses_on(by.today)
    for line, subject in zip(lines, subjects, strict=True):
        _check_made(line.made_on, by)
        kind = _kind_of(line.use, line.kind, uses)
        place = Place(
            org=org, kind=kind, name=line.name, use=line.use, serial=line.serial, made_on=line.made_on, note=line.note[:200],
            within=line.within, subject=subject,
        )  # fmt: skip
        _check_within(place, line.within)
        rows.append(place)
    made: list[Place] = Place.objects.bulk_create(rows)
    record("places.recorded", org, by=by, org=org, count=len(made), use=lines[0].use)
    _tell(org, by, *(line.use for line in lines))
    return made


@verb
def change_place(
    place: Place,
    *,
    by: Viewer,
    kind: str,
    name: str,
    within: Place | None = None,
    note: str = "",
    use: str = "",
    serial: str = "",
    made_on: date | None = None,
) -> Place:
    """Change what a place is called, what it is or where it stands; its label stays the same."""
    require(by, "places.change", at=place.org)
    place = _locked(place)
    if place.closed_on:
        raise Refused(_("%(place)s is out of use. Put it back in use first.") % {"place": place})
    if name != place.name:
        _check_name(place.org, name)
    _check_within(place, within)
    _check_made(made_on, by)
    values = {
        "kind": _kind_of(use, kind, uses_on(by.today) if use else {}),
        "name": name,
        "within": within,
        "note": note,
    }
    before = place.use
    if changed := place.amend({**values, "use": use, "serial": serial, "made_on": made_on}):
        Subject.objects.filter(pk=place.subject_id).update(label=name)
        record("places.changed", place, by=by, org=place.org, fields=changed)
    if use != before:
        _tell(place.org, by, use, before)
    return place


@verb
def take_out_of_use(place: Place, *, by: Viewer, on: date, reason: str) -> Place:
    """Take a place out of use; what was done there stays recorded, its label tells so."""
    require(by, "places.change", at=place.org)
    place = _locked(place)
    if place.closed_on:
        raise Refused(_("%(place)s is out of use already.") % {"place": place})
    if on > by.today:
        raise Refused(_("This day has not come yet. Take the place out of use on that day."), field="on")
    inside = place.parts.in_use().first()
    if inside is not None:
        raise Refused(
            _("%(part)s still stands in %(place)s. Move it or take it out of use first.")
            % {"part": inside, "place": place}
        )
    place.closed_on = on
    place.save(update_fields=["closed_on"])
    record("places.out_of_use", place, by=by, org=place.org, on=on, reason=reason)
    _tell(place.org, by, place.use)
    return place


@verb
def back_in_use(place: Place, *, by: Viewer) -> Place:
    """Put a place back in use, with the label that it had."""
    require(by, "places.change", at=place.org)
    place = _locked(place)
    if not place.closed_on:
        raise Refused(_("%(place)s is in use.") % {"place": place})
    _check_name(place.org, place.name)
    if place.within and place.within.closed_on:
        raise Refused(_("%(place)s, where it stands, is out of use. Put that back first.") % {"place": place.within})
    place.closed_on = None
    place.save(update_fields=["closed_on"])
    record("places.back_in_use", place, by=by, org=place.org)
    _tell(place.org, by, place.use)
    return place


@verb
def stop_use(
    place: Place, *, by: Viewer, reason: str, source: Subject | None = None, photo: Upload | None = None
) -> Stop:
    """Stop the use of a place at once: it carries its mark everywhere until somebody releases it.

    ``source`` is what it is stopped for, such as a finding: for the same one again nothing changes.
    """
    require(by, "places.stop", at=place.org)
    place = _held(place)
    if place.closed_on:
        raise Refused(_("%(place)s is out of use already.") % {"place": place})
    if source is not None and not covers(source.org.path, place.org.path):
        raise NotVisible
    standing: Stop | None = place.stops.standing().filter(source=source).first()
    if standing is not None and source is not None:
        return standing
    if standing is not None:
        raise Refused(_("%(place)s is stopped already: %(reason)s") % {"place": place, "reason": standing.reason})
    stop = Stop(
        org=place.org, place=place, reason=_said(reason), source=source, since=by.moment, account_id=by.account_id,
        photo=_kept(place, by, photo),
    )  # fmt: skip
    stop.full_clean()
    stop.save()
    record("places.stopped", place, by=by, org=place.org, reason=stop.reason, source=source)
    return stop


@verb
def release(place: Place, *, by: Viewer, reason: str, source: Subject | None = None) -> Stop:
    """Release what was stopped, and say why it may be used again; by another person where the unit wants it so."""
    require(by, "places.release", at=place.org)
    place = _held(place)
    stop: Stop | None = place.stops.standing().filter(source=source).select_related("account").first()
    if stop is None:
        raise Refused(_not_stopped(place))
    if _same_person(stop, by) and not by.is_system and value_of(RELEASE_BY_ANOTHER, place.org):
        raise Refused(_("You stopped it. Somebody else looks at it and releases it."))
    stop.released_at, stop.released_by_id, stop.released_why = by.moment, by.account_id, _said(reason)
    stop.save(update_fields=["released_at", "released_by", "released_why"])
    record("places.released", place, by=by, org=place.org, reason=stop.released_why, source=source)
    return stop


def _held(place: Place) -> Place:
    """The place, locked: of two who stop or release it one comes first."""
    row: Place = Place.objects.select_for_update(of=("self",)).select_related("org").get(pk=place.pk)
    return row


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Write the reason."), field="reason")
    return reason.strip()


def _kept(place: Place, by: Viewer, photo: Upload | None) -> StoredFile | None:
    stamp = f"{place.org.name} · {place}"
    return (
        keep_photo(place.org, by=by, upload=photo, permission="places.view", name=str(place), stamp=stamp)
        if photo
        else None
    )


def _not_stopped(place: Place) -> str:
    other = place.stops.standing().select_related("source").first()
    if other is None:
        return _("%(place)s is not stopped.") % {"place": place}
    return _("%(place)s is stopped for “%(source)s”. It is released there.") % {"place": place, "source": other.source}


def _same_person(stop: Stop, by: Viewer) -> bool:
    if stop.account is None:
        return False
    return stop.account_id == by.account_id or (by.person_id is not None and stop.account.person_id == by.person_id)


def _tell(org: OrgUnit, by: Viewer, *uses: str) -> None:
    """What is asked of places of a use is asked of more or fewer of them from now on."""
    if any(uses):
        emit("places.changed", by=by, org=org)


def _open_unit(org: OrgUnit) -> OrgUnit:
    org = OrgUnit.objects.select_for_update().get(pk=org.pk)
    if not org.is_open:
        raise Refused(_("This unit is closed. Record the place at the unit that uses it now."), field="org")
    return org


def _kind_of(use: str, kind: str, uses: Mapping[str, PlaceUse]) -> str:
    """Which kind of place it is: as its use says, else as chosen."""
    if not use:
        return kind
    known = uses.get(use)
    if known is None:
        raise Refused(_("Choose what it is for from the list."), field="use")
    return str(known.kind)


def _check_made(made_on: date | None, by: Viewer) -> None:
    if made_on is not None and made_on > by.today:
        raise Refused(_("It cannot be made on a day that has not come yet."), field="made_on")
    if made_on is not None and made_on.year < OLDEST:
        raise Refused(_("It cannot be that old. Look at the year again."), field="made_on")


def _locked(place: Place) -> Place:
    """The place, with its unit locked: names and nesting are checked against all places of the unit."""
    OrgUnit.objects.select_for_update().get(pk=place.org_id)
    row: Place = Place.objects.select_related("org", "within", "within__org").get(pk=place.pk)
    return row


def _check_name(org: OrgUnit, name: str) -> None:
    if Place.objects.in_use().filter(org=org, name=name).exists():
        raise Refused(
            _("“%(name)s” exists here already. Give this one a name that tells them apart.") % {"name": name},
            field="name",
        )


def _check_within(place: Place, within: Place | None) -> None:
    """A place stands in one of its own unit or of a unit above, which is in use and not inside itself."""
    if within is None or within.pk == place.within_id:
        return
    within = Place.objects.select_related("org").get(pk=within.pk)
    if not covers(within.org.path, place.org.path):
        raise Refused(
            _("%(within)s belongs to another unit. Choose a place of %(unit)s.")
            % {"within": within, "unit": place.org},
            field="within",
        )
    if within.closed_on:
        raise Refused(_("%(place)s is out of use. Choose another place.") % {"place": within}, field="within")
    upper: Place | None = within
    while upper is not None:
        if upper.pk == place.pk:
            raise Refused(_("A place cannot stand inside itself. Choose another place."), field="within")
        upper = upper.within


@verb
def name_owner(place: Place, *, by: Viewer, post: str = "", person: Person | None = None) -> Place:
    """Say which post or which person answers for a place and all that stands in it; neither: as the catalogue says."""
    require(by, "places.change", at=place.org)
    row: Place = Place.objects.select_for_update(of=("self",)).select_related("org").get(pk=place.pk)
    if row.closed_on:
        raise Refused(_("%(place)s is out of use. Put it back in use first.") % {"place": row})
    if post and person:
        raise Refused(_("Name a post or a person, not both."), field="person")
    if post and post not in post_kinds(by.today):
        raise Refused(_("Choose the post from the list."), field="post")
    if person is not None and not _works_there(person, row, by.today):
        raise Refused(
            _("%(person)s does not work at %(unit)s. Choose somebody who does.") % {"person": person, "unit": row.org},
            field="person",
        )
    if changed := row.amend({"owner_post": post, "owner_person": person}):
        record("places.owner_named", row, by=by, org=row.org, post=post, person=person, fields=changed)
    return row


def _works_there(person: Person, place: Place, day: date) -> bool:
    has_left = person.left_on is not None and person.left_on < day
    return not has_left and place.org.path.startswith(person.org.path)
