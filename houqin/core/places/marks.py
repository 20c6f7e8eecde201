"""不得使用: why a place is not to be used now. Each floor names its reasons; every page reads the same marks.

A reason is an annotation of places, so that a list is filtered by it and a hundred places cost what one costs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Expression, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.places.models import Place, Stop
from houqin.core.places.queries import uses_on

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_TO_BE_USED = _("Not to be used")
ALERT = _("Stop-use alert")


@dataclass(frozen=True)
class Where:
    """What some places are used for, at which units, and the units above those."""

    uses: frozenset[str]
    orgs: frozenset[int]
    parents: frozenset[int]


def _always(where: Where, day: date) -> bool:
    return True


@dataclass(frozen=True)
class Reason:
    """One reason why places are not to be used.

    ``found(day)`` is an expression over places: null where the reason does not hold on that day; ``told`` puts what it
    found into words. An ``alert`` forbids nothing: somebody has to decide, and until then something else is provided.
    ``possible(where, day)`` says quickly that it holds of none of some places, which spares looking at each of them.
    """

    code: str
    found: Callable[[date], Expression | Subquery]
    told: Callable[[Any], str]
    alert: bool = False
    possible: "Callable[[Where, date], bool]" = _always

    @property
    def name(self) -> str:
        """The annotation."""
        return f"mark_{self.code}"


@dataclass(frozen=True)
class Mark:
    """One reason that holds: the word on the badge, and why."""

    code: str
    badge: "StrOrPromise"
    why: str
    alert: bool

    def __str__(self) -> str:
        return (
            f"{self.badge}\uff1a{self.why}" if (get_language() or "").startswith("zh") else f"{self.badge}: {self.why}"
        )


_reasons: dict[str, Reason] = {}
NO_MARK = Value(None, output_field=CharField())


def reason(one: Reason) -> Reason:
    """Make a reason known."""
    _reasons[one.code] = one
    return one


def with_marks(rows: QuerySet[Place], day: date, where: Where | None = None) -> QuerySet[Any]:
    """Places with all that ``marks_of`` reads. One query for them, and a fixed number before it.

    ``where`` tells of the rows what ``Where`` says: reasons that cannot hold there are not looked for.
    """
    found: QuerySet[Any] = rows.annotate(
        **{
            one.name: one.found(day) if where is None or one.possible(where, day) else NO_MARK
            for one in _reasons.values()
        }
    )
    return found


def is_marked() -> Q:
    """Whether any reason holds, of rows ``with_marks``."""
    return reduce(or_, (Q(**{f"{one.name}__isnull": False}) for one in _reasons.values()))


def marked(rows: QuerySet[Place], day: date) -> QuerySet[Any]:
    """Those in use that carry a mark. Where the rows are is asked first: most reasons hold of few places and rarely."""
    rows = rows.filter(closed_on__isnull=True)
    near = set(rows.order_by().values_list("use", "org_id", "org__parent_id").distinct())
    where = Where(
        frozenset(use for use, _org, _parent in near),
        frozenset(org for _use, org, _parent in near),
        frozenset(parent for _use, _org, parent in near if parent is not None),
    )
    found: QuerySet[Any] = with_marks(rows, day, where).filter(is_marked())
    return found


def marks_of(row: Any) -> list[Mark]:
    """The marks of a row ``with_marks``: what forbids first, then what warns."""
    held = [(one, getattr(row, one.name)) for one in _reasons.values()]
    found = [
        Mark(one.code, ALERT if one.alert else NOT_TO_BE_USED, one.told(value), one.alert)
        for one, value in held
        if value is not None
    ]
    return sorted(found, key=lambda mark: mark.alert)


def tally(rows: Iterable[Any]) -> str:
    """How many of these rows ``with_marks`` are not to be used, and how many wait for a decision."""
    first = [marks[0] for row in rows if (marks := marks_of(row))]
    counts = [
        (word, sum(mark.alert == alert for mark in first)) for word, alert in ((NOT_TO_BE_USED, False), (ALERT, True))
    ]
    return " · ".join(f"{word} {count}" for word, count in counts if count)


def marks_at(places: Iterable[Any], day: date) -> dict[str, list[Mark]]:
    """The marks of places by their public ids, as far as they carry any."""
    ids = list(places)
    rows = marked(Place.objects.filter(public_id__in=ids), day) if ids else ()
    return {str(row.public_id): marks_of(row) for row in rows}


def instead_of(place: Place, day: date) -> str:
    """What is offered while it is not used, where the catalogue names it."""
    use = uses_on(day).get(place.use)
    if use is None:
        return ""
    return use.instead_zh if (get_language() or "").startswith("zh") else use.instead_en


def _stopped(day: date) -> Subquery:
    rows = Stop.objects.standing().filter(place=OuterRef("pk")).order_by("since", "pk")
    return Subquery(rows.values("reason")[:1])


STOPPED = reason(Reason("stopped", _stopped, str))
