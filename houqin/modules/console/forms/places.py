"""What is asked about a place."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.places.actions import MOST_AT_ONCE, PlaceLine, record_place, record_places
from houqin.core.places.models import Place, PlaceKind
from houqin.core.places.queries import use_title, uses_on
from houqin.core.places.reading import Unread, numbered, read_list
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.console.forms.choices import open_units
from houqin.ui.screens import DayField, PhotoField, RowField, VerbForm


def _places(viewer: Viewer, row: Any) -> QuerySet[Place]:
    """Where it may stand: what is in use at its unit and above, itself left out."""
    found: QuerySet[Place] = Place.objects.visible_to(viewer).in_use().select_related("org")
    return found.filter(org__path__in=[*row.org.ancestor_paths, row.org.path]).exclude(pk=row.pk) if row else found


class PlaceForm(VerbForm):
    """What a place is, what it is called and where it stands."""

    use = forms.ChoiceField(
        label=_("What for"), required=False, help_text=_("Says which ledgers, checks and service dates concern it.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *PlaceKind.choices], required=False)
    name = forms.CharField(label=_("Name"), max_length=60)
    within = RowField(_places, label=_("Stands in"), required=False, empty_label=_("Stands by itself"))
    serial = forms.CharField(label=_("Serial number"), max_length=40, required=False)
    made_on = DayField(
        label=_("Made on"),
        required=False,
        help_text=_("Of lifts, boilers and vessels: the day of the first inspection."),
    )
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def setup(self) -> None:
        uses = uses_on(self.viewer.today)
        self.fields["use"].choices = [("", "—"), *((code, use_title(use)) for code, use in uses.items())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A place without a use needs its kind."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("use") and not given.get("kind"):
            self.add_error("kind", gettext("Choose what it is for, or which kind of place it is."))
        return given


class NewPlaceForm(PlaceForm):
    """A place of a unit, or many of a kind at once."""

    org = RowField(open_units("places.change"), label=_("Unit"))
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    several = forms.CharField(
        label=_("Many at once"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One line each: where, how many, made when. “First floor 8”, “boiler room 2 2023-05”."),
    )  # fmt: skip
    field_order = ["org", "use", "kind", "name", "within", "serial", "made_on", "several", "note"]

    def clean(self) -> dict[str, Any]:
        """Either one by its name, or a list of a use."""
        given = super().clean()
        if given.get("several") and not given.get("use"):
            self.add_error("use", gettext("Choose what the many are for."))
        if not given.get("several") and not given.get("name"):
            self.add_error("name", gettext("Give it a name."))
        return given


def record_new(
    *, by: Viewer, org: OrgUnit, several: str = "", kind: str = "", name: str = "", **more: Any
) -> Place | list[Place]:
    """The recording verb: one place, or as many as the list says."""
    if not several:
        return record_place(org, by=by, kind=kind, name=name, **more)
    return record_places(org, by=by, lines=_lines(org, by, several, **more))


def _lines(
    org: OrgUnit, by: Viewer, text: str, *, use: str, within: Place | None, made_on: date | None, note: str, serial: str
) -> list[PlaceLine]:
    what = use_title(uses_on(by.today)[use])
    try:
        listed = read_list(text, what)
    except Unread as line:
        raise Refused(
            _("“%(line)s” cannot be read. Write where and how many.") % {"line": line}, field="several"
        ) from None
    here = {row.name: row for row in Place.objects.in_use().filter(org=org)}
    taken = set(here)
    found: list[PlaceLine] = []
    for one in listed:
        names = numbered(one.where, what, min(one.count, MOST_AT_ONCE + 1), taken)
        taken.update(names)
        place = here.get(one.where, within)
        found += [
            PlaceLine(name=name, use=use, made_on=one.made_on or made_on, within=place, note=note) for name in names
        ]
    return found


class OutOfUseForm(VerbForm):
    """From when, and why."""

    on = DayField(label=_("Out of use since"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class StopForm(VerbForm):
    """Why it is not to be used, and what it looks like."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
    photo = PhotoField(label=_("Photo"), required=False, help_text=_("Shows who mends it what is wrong."))


class ReleaseForm(VerbForm):
    """Why it may be used again."""

    reason = forms.CharField(label=_("Why it may be used again"), max_length=200)
