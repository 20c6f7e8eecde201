"""How one viewer looks at rows: what is shown in full, and which links lead somewhere for them."""

from dataclasses import dataclass, field
from typing import Any

from houqin.core.scope.viewer import Viewer, covers


def follow(row: Any, path: str) -> Any:
    """The value at ``supplier__name``; None as soon as one step is missing."""
    value = row
    for step in path.split("__"):
        if value is None:
            return None
        value = getattr(value, step)
        if callable(value) and not hasattr(value, "all"):
            value = value()
    return value


@dataclass
class Look:
    """One viewer's look at one page; ``full`` asks for personal data uncovered, and notes what was."""

    viewer: Viewer
    full: bool = False
    plain: bool = False
    revealed: set[str] = field(default_factory=set)
    reaches: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def reach(self, permission: str) -> tuple[str, ...]:
        """The topmost paths where the viewer holds the permission; a page asks for every cell."""
        if permission not in self.reaches:
            self.reaches[permission] = self.viewer.paths_for(permission)
        return self.reaches[permission]

    def reveals(self, permission: str, row: Any, name: str) -> bool:
        """Whether covered data of this row may be shown in full now."""
        if not (self.full and permission):
            return False
        path = follow(row, type(row).SCOPE_PATH) or ""
        shown = any(covers(upper, path) for upper in self.reach(permission))
        if shown:
            self.revealed.add(name)
        return shown
