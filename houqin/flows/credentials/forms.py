"""What is asked about a credential."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.people.models import Person
from houqin.core.places.models import Place
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.finding import subject_of_person, subject_of_unit
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.actions.recording import record_credential
from houqin.flows.credentials.kinds import kinds_on, title
from houqin.flows.credentials.models import Credential
from houqin.ui.screens import DayField, PhotoField, RowField, VerbForm

RECORD = "credentials.record"


def record_new(
    *, by: Viewer, org: OrgUnit, kind: str, person: Person | None = None, party: Party | None = None,
    place: Place | None = None, **particulars: Any,
) -> Credential:  # fmt: skip
    """The recording verb, with the holder chosen in the form: somebody, a firm, a place, else the unit itself."""
    holder = _holder(by, org, kind, person, party, place)
    return record_credential(holder, by=by, org=person.org if person else org, kind=kind, **particulars)


def _holder(
    by: Viewer, org: OrgUnit, code: str, person: Person | None, party: Party | None, place: Place | None
) -> Subject:
    kind = kinds_on(by.today).get(code)
    holders = kind.holders if kind else []
    if person is not None and "person" in holders:
        return subject_of_person(person)
    if party is not None and "party" in holders:
        return party.subject
    if place is not None and "place" in holders:
        return place.subject
    if "unit" in holders and not (person or party or place):
        return subject_of_unit(org)
    field = "person" if "person" in holders else "party" if "party" in holders else "place"
    raise Refused(_("Choose who or what holds it."), field=field)


def _units(viewer: Viewer, row: Any) -> QuerySet[Any]:
    return OrgUnit.objects.visible_to(viewer, RECORD).filter(closed_on__isnull=True).order_by("path")


def _persons(viewer: Viewer, row: Any) -> QuerySet[Any]:
    return Person.objects.visible_to(viewer, RECORD).filter(left_on__isnull=True).order_by("org__path", "name")


class ParticularsForm(VerbForm):
    """Number, dates, photo."""

    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    issued_on = DayField(label=_("Issued on"), required=False)
    expires_on = DayField(
        label=_("Valid until"), required=False, help_text=_("Left out, it follows from the day of issue where law says how long.")
    )  # fmt: skip
    issuer = forms.CharField(label=_("Issuing body"), max_length=80, required=False)
    photo = PhotoField(label=_("Photo"), required=False)

    def setup(self) -> None:
        kind = kinds_on(self.viewer.today).get(self.row.kind) if self.row else None
        if kind and kind.photo:
            self.fields["photo"].help_text = kind.photo.why_zh if title(kind) == kind.title_zh else kind.photo.why_en


class NewForm(ParticularsForm):
    """A credential of somebody or something."""

    org = RowField(_units, label=_("Kept by"))
    kind = forms.ChoiceField(label=_("Kind"))
    person = RowField(_persons, label=_("Person"), required=False, to_field_name="public_id", empty_label="—")
    party = RowField(
        lambda viewer, row: Party.objects.visible_to(viewer).canonical(), label=_("Firm"), required=False,
        to_field_name="public_id", empty_label="—",
    )  # fmt: skip
    place = RowField(
        lambda viewer, row: Place.objects.visible_to(viewer).in_use(), label=_("Place, vehicle or equipment"),
        required=False, to_field_name="public_id", empty_label="—",
    )  # fmt: skip
    about = RowField(
        lambda viewer, row: Subject.objects.visible_to(viewer, RECORD).filter(kind="product").order_by("label"),
        label=_("Only for"), required=False, to_field_name="public_id", empty_label=_("All goods that it concerns"),
    )  # fmt: skip
    field_order = [
        "kind", "org", "person", "party", "about", "place", "number", "issued_on", "expires_on", "issuer", "photo",
    ]  # fmt: skip

    def setup(self) -> None:
        kinds = kinds_on(self.viewer.today).values()
        offered = [
            (kind.code, title(kind)) for kind in kinds if set(kind.holders) & {"person", "party", "place", "unit"}
        ]
        self.fields["kind"].choices = [("", _("Choose")), *offered]  # type: ignore[attr-defined]
        self.fields["person"].help_text = _("One of these three; none of them: the unit itself holds it.")


class RevokeForm(VerbForm):
    """Why it is void."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
