"""Who ate: as reported and counted, else the school's pupils at lunch and its boarders at breakfast and dinner."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from houqin.modules.canteen.models import Meal
from houqin.modules.canteen.queries.heads import Heads, heads_of


@dataclass(frozen=True)
class ClassCount:
    """How many of a class ate, or would have by its roll, and how many of it were away."""

    name: str
    eaters: int
    away: int = 0


@dataclass(frozen=True)
class Eaters:
    """How many ate a meal, and which classes (``told``: how many of them reported); leave is taken out.

    Staff and guests are groups of their own.
    """

    pupils: int
    estimated: bool
    classes: tuple[ClassCount, ...] = ()
    told: int = 0
    away: int = 0
    staff: int = 0
    guests: int = 0

    @property
    def number(self) -> int:
        """Everybody who ate."""
        return self.pupils + self.staff + self.guests

    @property
    def has_apart(self) -> bool:
        """Whether there is more to tell than the pupils who ate."""
        return bool(self.staff or self.guests or self.away)


def eaters_of(meals: Collection[Meal]) -> dict[int, Eaters]:
    """Each meal → who ate it. At most five queries."""
    keys = {meal.pk: (meal.org_id, meal.day, meal.kind) for meal in meals}
    heads = heads_of(set(keys.values()), plan=False)
    return {pk: _as_eaten(heads[key]) for pk, key in keys.items()}


def _as_eaten(heads: Heads) -> Eaters:
    classes = tuple(ClassCount(group.name, group.eaters, group.away.total) for group in heads.by_class if group.name)
    told = sum(group.is_told for group in heads.by_class)
    return Eaters(heads.pupils, not heads.confirmed, classes, told, heads.away, heads.staff, heads.guests)


def eaten_sentence(eaters: Eaters) -> str:
    """How many ate and how that is known; staff, guests and who was away apart."""
    if not eaters.estimated:
        words = gettext("%(count)s ate, as counted.")
    elif eaters.told:
        words = gettext("About %(count)s ate: as the classes reported, estimated for those that did not.")
    else:
        words = gettext("About %(count)s ate: an estimate by the school's pupils or boarders, nobody counted.")
    told = [words % {"count": eaters.number}]
    if eaters.staff or eaters.guests:
        told.append(
            gettext("%(pupils)s pupils, %(staff)s staff, %(guests)s guests.")
            % {"pupils": eaters.pupils, "staff": eaters.staff, "guests": eaters.guests}
        )
    if eaters.away:
        told.append(
            ngettext("%(count)s pupil was away.", "%(count)s pupils were away.", eaters.away) % {"count": eaters.away}
        )
    return " ".join(told)
