"""Who looks or acts: built once per request, job or device message and passed on explicitly as ``by=``."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from houqin.core.scope.permissions import all_permissions


class Channel(StrEnum):
    """The door through which a deed came in."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    JOB = "job"
    IMPORT = "import"
    DEVICE = "device"


def subtree(path: str) -> tuple[str, str]:
    """Half-open range ``[low, high)`` that holds exactly the path and its descendants.

    Paths are fixed-width digits, so byte order is tree order and the range is an index search.
    """
    return path, str(int(path) + 1).zfill(len(path))


def covers(upper: str, path: str) -> bool:
    """Whether ``path`` is ``upper`` or below it."""
    return path.startswith(upper)


@dataclass(frozen=True)
class Reach:
    """One grant as it works now: the role's permissions over a unit and all below it."""

    role: str
    org_id: int
    path: str
    permissions: frozenset[str]


@dataclass(frozen=True)
class Viewer:
    """A person (or the system) with what they may reach at this moment.

    ``captured_at`` is set when a phone kept the deed while it had no network, ``clock_off`` when its clock is wrong.
    """

    account_id: int | None
    account_public_id: UUID | None
    name: str
    reaches: tuple[Reach, ...] = ()
    now: datetime = field(default_factory=timezone.now)
    channel: Channel = Channel.WEB
    person_id: int | None = None
    pupil_ids: frozenset[int] = frozenset()
    is_system: bool = False
    captured_at: datetime | None = None
    clock_off: timedelta = timedelta()

    @property
    def moment(self) -> datetime:
        """When the deed was done: as captured on a phone without network, else now. The trail tells both."""
        return self.captured_at or self.now

    @property
    def today(self) -> date:
        """The local day of the deed."""
        return timezone.localtime(self.moment).date()

    def may(self, permission: str, path: str) -> bool:
        """Whether the deed is permitted at the unit with this path."""
        if self.is_system:
            return permission in all_permissions()
        return any(permission in reach.permissions and covers(reach.path, path) for reach in self.reaches)

    def may_anywhere(self, permission: str) -> bool:
        """Whether the deed is permitted somewhere."""
        return self.is_system or any(permission in reach.permissions for reach in self.reaches)

    def sees(self, path: str) -> bool:
        """Whether the unit lies within reach at all: what does not is a 404, never a 403."""
        return self.is_system or any(covers(reach.path, path) for reach in self.reaches)

    def paths_for(self, permission: str | None = None) -> tuple[str, ...]:
        """The topmost paths where the permission (or any permission) is held, none below another."""
        if self.is_system:
            return ("",)
        held = (r.path for r in self.reaches if permission is None or permission in r.permissions)
        return topmost(held)

    def with_reach(self, reach: Reach) -> "Viewer":
        """The same person with one reach more, as a record gives it to them for a while (an inspector at a visited school)."""
        return replace(self, reaches=(*self.reaches, reach))


def topmost(paths: Iterable[str]) -> tuple[str, ...]:
    """Those paths that lie below no other of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not covers(kept[-1], path):
            kept.append(path)
    return tuple(kept)


def system_viewer(*, now: datetime | None = None, channel: Channel = Channel.JOB, name: str = "Houqin") -> Viewer:
    """The system itself: jobs, the demo and the command line of the operator."""
    return Viewer(None, None, name, now=now or timezone.now(), channel=channel, is_system=True)
