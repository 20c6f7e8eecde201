"""What is asked when a duty is done, handed over or excused."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.people.models import Person
from houqin.core.people.posts import holders
from houqin.core.scope.viewer import Viewer
from houqin.ui.screens import RowField, VerbForm


class NoteForm(VerbForm):
    """A remark, which may be empty: nothing to report is a record too."""

    note = forms.CharField(
        label=_("Remark"), max_length=200, required=False, help_text=_("Empty means: nothing to report."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class WhyForm(VerbForm):
    """A reason, never left out."""

    why = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(VerbForm):
    """A reason, never left out."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


def colleagues(viewer: Viewer, row: Any) -> QuerySet[Person]:
    """People of the duty's school who can sign in."""
    found: QuerySet[Person] = Person.objects.filter(left_on__isnull=True, account__is_active=True)
    within = found.filter(org__path__startswith=row.org.path) if row is not None else found.none()
    return within.order_by("name").distinct()


class HandOverForm(VerbForm):
    """Who does it instead: the post's deputy stands there already, else nobody."""

    person = RowField(colleagues, label=_("Who does it instead"), help_text=_("People of the school with an account."))

    def setup(self) -> None:
        self.initial.setdefault("person", self._deputy())

    def _deputy(self) -> Person | None:
        if self.row is None:
            return None
        held = holders([self.row.org_id], [self.row.post], self.viewer.today).get((self.row.org_id, self.row.post), [])
        deputies = (one.person for one in held if one.is_deputy and one.person_id != self.viewer.person_id)
        return next(deputies, None)
