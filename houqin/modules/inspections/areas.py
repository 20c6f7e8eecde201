"""Responsibility areas of a unit (R-086): places by what they are for, by which checklist and how often they are looked at."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from houqin.core.orgs.models import OrgUnit
from houqin.core.places.catalogue import PlaceUse
from houqin.core.places.models import Place
from houqin.core.places.owners import DEFAULT_POST
from houqin.core.places.queries import uses_on
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer, covers
from houqin.flows.duties.models import Duty
from houqin.flows.duties.registry import Rule, rules_on
from houqin.modules.inspections.catalogue import Round
from houqin.modules.inspections.duties import PREFIX, standing_rounds
from houqin.modules.inspections.lists import rounds_on
from houqin.modules.inspections.models import AskedRound
from houqin.modules.inspections.rounds import ORDER


@dataclass(frozen=True)
class AreaLine:
    """Places of one use at a unit and below it.

    ``asked`` is the round that holds here, ``own`` what this very unit asks; ``ledgers`` go to such places anyway;
    ``proposal`` is what the catalogue proposes.
    """

    use: PlaceUse
    places: int
    post: str
    asked: AskedRound | None
    own: AskedRound | None
    ledgers: tuple[Rule, ...]
    proposal: Round | None

    @property
    def is_bare(self) -> bool:
        """Whether nothing at all is looked at there by a list."""
        return self.asked is None and not self.ledgers


def areas_at(org: OrgUnit, viewer: Viewer) -> tuple[list[AreaLine], int]:
    """The areas of a unit, those without a checklist first; and how many places nobody has said the use of."""
    day = viewer.today
    uses, proposals = uses_on(day), rounds_on(day)
    rows = Place.objects.visible_to(viewer).in_use().filter(within("org__path", (org.path,)))
    counts = dict(rows.order_by().values("use").annotate(count=Count("pk")).values_list("use", "count"))
    asked = [row for row in standing_rounds().values() if covers(row.org.path, org.path)]
    rules = [rule for rule in rules_on(day).values() if rule.uses and not rule.code.startswith(PREFIX)]
    found = [
        _line(uses[use], count, asked, rules, proposals.get(use), org) for use, count in counts.items() if use in uses
    ]
    return sorted(found, key=lambda line: (not line.is_bare, list(uses).index(line.use.code))), counts.get("", 0)


def place_of(duty: Duty) -> Place | None:
    """The place at which a round is due."""
    found: Place | None = Place.objects.filter(subject=duty.about).first()
    return found


def _line(
    use: PlaceUse,
    count: int,
    asked: Collection[AskedRound],
    rules: Collection[Rule],
    proposal: Round | None,
    org: OrgUnit,
) -> AreaLine:
    here = [row for row in asked if row.use == use.code]
    holds = min(here, key=lambda row: (ORDER[row.every], row.org.path), default=None)
    own = next((row for row in here if row.org_id == org.pk), None)
    ledgers = tuple(rule for rule in rules if use.code in rule.uses and _is_asked(rule, org))
    post = (holds.post if holds else "") or use.owner or DEFAULT_POST
    return AreaLine(use, count, post, holds, own, ledgers, proposal)


def _is_asked(rule: Rule, org: OrgUnit) -> bool:
    return not rule.paths or any(covers(path, org.path) for path in rule.paths)
