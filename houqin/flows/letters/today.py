"""Who has to sign a letter finds it on Today."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.letters.queries import to_sign
from houqin.ui.today import TodayRow, source


@source
def letters_to_sign(viewer: Viewer) -> Iterable[TodayRow]:
    """One row a letter: a head of a unit and a holder of a post sign once a year."""
    if not viewer.may_anywhere("letters.sign"):
        return
    for letter in to_sign(viewer):
        yield TodayRow(
            _("Sign: %(letter)s") % {"letter": letter}, letter.pattern.org.name, letter.due_on, icon="signature",
            url=reverse("letters:letters-detail", args=[letter.public_id]), button=_("Read and sign"),
        )  # fmt: skip
