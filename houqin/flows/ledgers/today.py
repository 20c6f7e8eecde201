"""Duties of ledgers are done on the page that writes them, and the label of a place leads to what is due there."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty
from houqin.flows.duties.registry import done_at
from houqin.flows.ledgers import doing, telling
from houqin.flows.ledgers.models import Breach
from houqin.ui import labels, today

MOST = 20


@done_at("ledger")
def where_it_is_written(duty: Duty) -> str:
    """The page of the ledger; empty for one that the catalogue has no more."""
    return doing.address_of(duty)


@done_at("breach")
def where_it_is_answered(duty: Duty) -> str:
    """The page of the value out of limits."""
    return reverse("ledgers:to-answer", args=[int(duty.slot)])


@labels.resolver("ledgers:duties")
def due_at_the_place(viewer: Viewer, code: str) -> str:
    """What is due at the place that carries this label, else what may be written of it; no ledger: the place's own page."""
    place = doing.place_of(viewer, code)
    if place is None:
        return ""
    urls = {doing.address_of(duty, place=place.label_code) for duty in doing.at(place, viewer)}
    if len(urls) == 1:
        return urls.pop()
    return reverse("ledgers:at-place", args=[place.label_code]) if urls or doing.kept_at(place, viewer.today) else ""


@today.source
def values_to_confirm(viewer: Viewer) -> Iterable[today.TodayRow]:
    """Values out of limits that wait to be confirmed or put right: one's own, for the head all of the school."""
    if not viewer.may_anywhere("ledgers.record"):
        return
    rows = Breach.objects.visible_to(viewer, "ledgers.record").filter(state=Breach.State.PENDING)
    leads = within(Breach.SCOPE_PATH, viewer.paths_for("ledgers.see_names"))
    for row in rows.filter(leads | Q(account_id=viewer.account_id)).select_related("org")[:MOST]:
        yield today.TodayRow(
            what=telling.in_question(row),
            where=row.place or row.org.name,
            until=row.settles_at,
            url=reverse("ledgers:breaches-detail", args=[row.public_id]),
            button=_("Look"),
            icon="alert-triangle",
        )
