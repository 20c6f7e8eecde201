"""Each night: what was kept long enough goes."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.core.people.actions.erasing import erase_person
from houqin.core.people.actions.retaining import BATCH, end_retention
from houqin.core.people.retention import endings, persons_over
from houqin.core.scope.viewer import Viewer, system_viewer

MOST_BATCHES, MOST_PERSONS = 50, 50
"""A night's share of one table and of persons, whose names are looked for in every text; the rest goes the next night."""


@periodic("people.retention", every=timedelta(days=1))
@job(_("Take away what was kept long enough"))
def end_what_is_over() -> None:
    """Table by table in batches, each in a transaction of its own, so that nobody waits for it; then who left long ago."""
    by = system_viewer()
    for ending in endings():
        for _batch in range(MOST_BATCHES):
            if end_retention(ending, by=by) < BATCH:
                break
    erase_persons(by)


def erase_persons(by: Viewer) -> int:
    """Erase who left longer ago than their months; their rows stay under an alias."""
    with override(settings.LANGUAGE_CODE):
        why = gettext("The time for which it may be kept is over.")
    rows = list(persons_over(by.today).select_related("org")[:MOST_PERSONS])
    for row in rows:
        erase_person(row, by=by, why=why)
    return len(rows)
