"""What a notice costs the schools, before it is sent."""

from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext

from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.known import known_values
from houqin.flows.collect.models import Collection
from houqin.flows.collect.rules import Asked, Cost, cost
from houqin.ui import formats


@dataclass(frozen=True)
class Costs:
    """The reckoning, and for each column how many schools find it filled in."""

    cost: Cost
    filled: dict[int, int]

    @property
    def sentence(self) -> str:
        """About 3 minutes × 120 schools = 6 hours."""
        hours = self.cost.minutes / 60
        told = {
            "minutes": self.cost.minutes_a_school, "schools": self.cost.schools,
            "hours": formats.number(ceil(hours * 10) / 10, 1), "all": self.cost.minutes,
        }  # fmt: skip
        if self.cost.minutes < 60:
            return gettext("About %(minutes)s min × %(schools)s schools = %(all)s min of their time.") % told
        return gettext("About %(minutes)s min × %(schools)s schools = %(hours)s h of their time.") % told


def costs_of(collection: Collection, viewer: Viewer) -> Costs:
    """Three queries and those of the known figures, whatever the number of schools."""
    columns = list(collection.columns.all())
    schools = list(collection.chosen.all())
    codes = [column.known for column in columns if column.known]
    known = known_values(codes, schools, viewer.today) if codes else {}
    filled = {column.pk: len(known.get(column.known, ())) for column in columns}
    asked = [Asked(column.kind, filled[column.pk]) for column in columns]
    return Costs(cost(asked, len(schools), several_rows=collection.several_rows), filled)
