"""Recording where things stand, changing it, and taking places out of use."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.places.models import Place
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.core.subjects.models import Subject

SUBJECT_KIND = "place"

titled(
    {
        "places.recorded": _("Place recorded"),
        "places.changed": _("Place changed"),
        "places.out_of_use": _("Place taken out of use"),
        "places.back_in_use": _("Place back in use"),
    }
)


@verb
def record_place(
    org: OrgUnit, *, by: Viewer, kind: str, name: str, within: Place | None = None, note: str = ""
) -> Place:
    """Record a place of a unit; it gets a label of its own."""
    require(by, "places.change", at=org)
    org = OrgUnit.objects.select_for_update().get(pk=org.pk)
    if not org.is_open:
        raise Refused(_("This unit is closed. Record the place at the unit that uses it now."), field="org")
    _check_name(org, name)
    place = Place(org=org, kind=kind, name=name, note=note)
    _check_within(place, within)
    place.within = within
    place.subject = Subject.objects.create(kind=SUBJECT_KIND, org=org, label=name)
    place.full_clean()
    place.save()
    record("places.recorded", place, by=by, org=org, kind=kind, within=within)
    return place


@verb
def change_place(
    place: Place, *, by: Viewer, kind: str, name: str, within: Place | None = None, note: str = ""
) -> Place:
    """Change what a place is called, what it is or where it stands; its label stays the same."""
    require(by, "places.change", at=place.org)
    place = _locked(place)
    if place.closed_on:
        raise Refused(_("%(place)s is out of use. Put it back in use first.") % {"place": place})
    if name != place.name:
        _check_name(place.org, name)
    _check_within(place, within)
    if changed := place.amend({"kind": kind, "name": name, "within": within, "note": note}):
        Subject.objects.filter(pk=place.subject_id).update(label=name)
        record("places.changed", place, by=by, org=place.org, fields=changed)
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
    return place


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
