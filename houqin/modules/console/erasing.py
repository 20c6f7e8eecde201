"""Erasing one person of the staff or one pupil, from that person's own page: from ledgers, and who has left from everything."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from houqin.core.people.actions.erasing import erase_person as erase_everywhere
from houqin.core.people.models import Person, Pupil
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.actions.erasing import erase_person
from houqin.ui.screens import Action, VerbForm


class ErasureForm(VerbForm):
    """Who asked for it."""

    why = forms.CharField(
        label=_("Who asked for it, and by which right"), max_length=200,
        help_text=_("What ledgers hold of this person is erased for ever; the entries stay, and their seals still verify."),
    )  # fmt: skip


def erase_of_staff(row: Person, *, by: Viewer, why: str) -> int:
    """By the person's own id, so that a namesake keeps what is theirs."""
    return erase_person(row.org, by=by, why=why, person_id=row.public_id)


def erase_of_pupil(row: Pupil, *, by: Viewer, why: str) -> int:
    """By name: ledgers know pupils by nothing else."""
    return erase_person(row.org, by=by, why=why, name=row.name)


class EverywhereForm(VerbForm):
    """Who asked for it."""

    why = forms.CharField(
        label=_("Who asked for it, and by which right"), max_length=200,
        help_text=_("Name, telephone, numbers, photos and account go for ever; an alias stands in their place, and seals still verify."),
    )  # fmt: skip


def _has_left(row: Person, viewer: Viewer) -> bool:
    return row.left_on is not None and row.left_on <= viewer.today


def _done(entries: int) -> str:
    return ngettext("Erased from %(count)s entry.", "Erased from %(count)s entries.", entries) % {"count": entries}


ERASE_STAFF = Action(
    verb=erase_of_staff, label=_("Erase from ledgers"), permission="ledgers.erase", form=ErasureForm, icon="eraser",
    danger=True, done=_done,
)  # fmt: skip
ERASE_PUPIL = Action(
    verb=erase_of_pupil, label=_("Erase from ledgers"), permission="ledgers.erase", form=ErasureForm, icon="eraser",
    danger=True, done=_done,
)  # fmt: skip
ERASE_EVERYWHERE = Action(
    verb=erase_everywhere, name="erase-everywhere", label=_("Erase the person"), permission="people.erase",
    form=EverywhereForm, icon="eraser", danger=True, aside=True, shown=_has_left, done=_("Erased."),
)  # fmt: skip
