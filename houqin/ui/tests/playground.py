"""Screens over core's tables, mounted for tests only: what a module would declare."""

from importlib import import_module
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from houqin.core.audit.trail import record, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.ui.pages import page
from houqin.ui.screens import (
    Action,
    Badge,
    Column,
    DayField,
    Facts,
    Family,
    Link,
    Number,
    Screen,
    Timeline,
    VerbForm,
    WeightField,
    mask_name,
    mask_phone,
)


@verb
def rename_person(person: Person, *, by: Viewer, name: str, portion: int | None = None) -> Person:
    if name == "nobody":
        raise Refused("No one is called so. Write the name of the roster.", field="name")
    if name == "never":
        raise Refused("Names are closed today. Come back tomorrow.")
    person.name = name
    person.save(update_fields=["name"])
    record("test.renamed", person, by=by, org=person.org, name=name)
    return person


@verb
def dismiss_person(person: Person, *, by: Viewer) -> Person:
    if person.name == "王永久":
        raise Refused("王永久 stays.")
    person.left_on = by.today
    person.save(update_fields=["left_on"])
    record("test.dismissed", person, by=by, org=person.org)
    return person


@verb
def add_person(*, by: Viewer, org: OrgUnit, name: str) -> Person:
    made = Person.objects.create(org=org, name=name)
    record("test.added", made, by=by, org=org)
    return made


class RenameForm(VerbForm):
    name = forms.CharField(label="New name", max_length=40)
    portion = WeightField(label="Portion", required=False)


@verb
def weigh(person: Person, *, by: Viewer, day: Any, lines: list[dict[str, Any]]) -> Person:
    if not lines:
        raise Refused("Nothing was weighed. Write at least one line.")
    record("test.weighed", person, by=by, org=person.org, lines=lines)
    return person


class LineForm(forms.Form):
    what = forms.CharField(label="What")
    kg = WeightField(label="Weight")


class WeighForm(VerbForm):
    day = DayField(label="Day")
    lines = {"lines": LineForm}


@verb
def show_person(person: Person, *, by: Viewer, note: str, photo: UploadedFile | None = None) -> Person:
    record("test.shown", person, by=by, org=person.org, note=note, size=photo.size if photo else 0)
    return person


class ShowForm(VerbForm):
    note = forms.CharField(label="Note")
    photo = forms.FileField(label="Photo", required=False)


class PersonScreen(Screen):
    model = Person
    slug = "persons"
    title = "Staff"
    family = Family.GOVERN
    icon = "users"
    columns = [
        Column("name", sort=True, mask=mask_name, unmask="people.view_contacts"),
        Link("org", sort="org__path"),
        Column("phone", mask=mask_phone, unmask="people.view_contacts"),
        Number("birth_year", sort=True, grouped=False),
        Badge(
            "left_on",
            "State",
            value=lambda row: "Left" if row.left_on else "Here",
            tone=lambda row: "quiet" if row.left_on else "plain",
        ),
    ]
    filters = {"sex": "choice", "org": "choice", "birth_year": "range", "left_on": "range"}
    search = ["name", "org__name"]
    views = {"here": ("Here", Q(left_on__isnull=True)), "left": ("Left", Q(left_on__isnull=False))}
    sort = "name"
    actions = [
        Action(
            verb=rename_person, label="Rename", form=RenameForm, permission="people.change", icon="pencil", offline=True
        ),
        Action(verb=weigh, label="Weigh", form=WeighForm, permission="people.change", icon="scale", offline=True),
        Action(
            verb=show_person,
            label="Show",
            form=ShowForm,
            permission="people.change",
            icon="camera",
            aside=True,
            offline=True,
        ),
        Action(
            verb=dismiss_person,
            label="Dismiss",
            permission="people.change",
            irreversible=True,
            danger=True,
            deed=lambda row: f"Dismiss {row.name}",
            shown=lambda row, viewer: row.left_on is None,
            on_list=True,
            bulk=True,
        ),
    ]

    def get_panels(self, row: Any, viewer: Viewer) -> Any:
        return [Facts(self.columns), Timeline()]


@page(permission="people.view")
def odd(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        raise Refused("Not on a Sunday.")
    return render(request, "ui/more.html")


_mine = [*PersonScreen.urls(), path("odd/", odd, name="odd")]
_shell = import_module("houqin.ui.views").urlpatterns
urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(([*_shell, path("play/", include(_mine))], "ui"))),
]
handler403 = "houqin.ui.pages.forbidden"
handler404 = "houqin.ui.pages.not_found"
handler500 = "houqin.ui.pages.broken"
