"""Names of suppliers and products in sight of a unit, and what each stands for."""

from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from houqin.core.merging.models import Mergeable
from houqin.core.orgs.models import OrgUnit

M = TypeVar("M", bound=Mergeable)
Group = int | str


class Names(Generic[M]):
    """The rows of a unit and of the units above it by name (the nearest first), with what an import says is the same.

    A group is the id of the row that a name stands for, or the name itself while it is new.
    """

    def __init__(self, model: type[M], unit: OrgUnit, names: Iterable[str], same: Mapping[str, str]) -> None:
        self.rows: dict[str, M] = {}
        self._stands_for: dict[Group, Group] = {}
        paths = [*unit.ancestor_paths, unit.path]
        rows: Any = model.objects
        for row in rows.filter(org__path__in=paths, name__in=sorted(names)).order_by("org__path", "pk"):
            self.rows[row.name] = row
        for name, kept in sorted(same.items()):
            here, there = self.group(name), self.group(kept)
            if here != there:
                self._stands_for[here] = there

    def missing(self, names: Iterable[str]) -> list[str]:
        """Names that no row bears yet."""
        return [name for name in names if name and name not in self.rows]

    def group(self, name: str) -> Group:
        """What a name stands for."""
        row = self.rows.get(name)
        return self.find(row.canonical_id if row else name)

    def find(self, group: Group) -> Group:
        """What a group stands for after the import."""
        while group in self._stands_for:
            group = self._stands_for[group]
        return group

    def ids(self, groups: Iterable[Group]) -> set[int]:
        """The canonical rows that belong to these groups."""
        wanted = set(groups)
        joined = {member for member in self._stands_for if self.find(member) in wanted}
        return {member for member in wanted | joined if isinstance(member, int)}
