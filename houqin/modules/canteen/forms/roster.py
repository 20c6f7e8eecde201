"""What is asked when somebody stands in, or works in spite of the morning check."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.people.models import Person, Post
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.queries.roster import Roster
from houqin.ui.screens import RowField, VerbForm


def _candidates(viewer: Viewer, roster: Roster) -> QuerySet[Any]:
    return Person.objects.filter(org=roster.org).order_by("name")


def _holders(viewer: Viewer, roster: Roster) -> QuerySet[Any]:
    return Person.objects.filter(pk__in=[place.person.pk for place in roster.places]).order_by("name")


def _posts(viewer: Viewer, roster: Roster) -> QuerySet[Any]:
    return Post.objects.filter(pk__in=[place.post.pk for place in roster.places])


class ReliefForm(VerbForm):
    """Who stands in for whom: the page offers those whose certificate holds, the verb says why another cannot."""

    post = RowField(_posts, label=_("Post"))
    instead_of = RowField(_holders, label=_("In place of"), required=False, to_field_name="public_id")
    person = RowField(_candidates, label=_("Who stands in"), to_field_name="public_id")


class AdmitForm(VerbForm):
    """Who may work all the same, and why."""

    person = RowField(_holders, label=_("Person"), to_field_name="public_id")
    reason = forms.CharField(label=_("Reason"), max_length=200)
