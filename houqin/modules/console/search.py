"""Units, people and accounts in the one search box."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.places.marks import marks_of, with_marks
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.lib.codes import read_label_code
from houqin.ui.search import Hit, source


@source("units", _("Schools and units"), "orgs.view")
def find_units(viewer: Viewer, text: str, limit: int) -> Iterator[Hit]:
    """By name or code."""
    rows = OrgUnit.objects.visible_to(viewer).filter(Q(name__icontains=text) | Q(code__startswith=text))
    for row in rows.select_related("parent")[:limit]:
        detail = f"{row.get_kind_display()} · {row.parent}" if row.parent else row.get_kind_display()
        yield Hit(row.name, detail, reverse("console:units-detail", args=[row.public_id]))


@source("places", _("Places"), "places.view")
def find_places(viewer: Viewer, text: str, limit: int) -> Iterator[Hit]:
    """By name, or by the code on the label."""
    named = Q(name__icontains=text) | Q(label_code=read_label_code(text) or "-")
    rows = with_marks(Place.objects.visible_to(viewer).in_use().filter(named), viewer.today)
    for row in rows.select_related("org")[:limit]:
        detail = " · ".join([row.get_kind_display(), str(row.org), *map(str, marks_of(row))])
        yield Hit(row.name, detail, reverse("console:places-detail", args=[row.public_id]))


@source("people", _("Staff"), "people.view")
def find_people(viewer: Viewer, text: str, limit: int) -> Iterator[Hit]:
    """By name."""
    for row in Person.objects.visible_to(viewer).filter(name__icontains=text).select_related("org")[:limit]:
        yield Hit(row.name, row.org.name, reverse("console:staff-detail", args=[row.public_id]))
