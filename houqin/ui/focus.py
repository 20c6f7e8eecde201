"""The scope switcher: a viewer keeps all they may see, but looks at one part of the tree at a time."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from houqin.core.orgs.models import OrgUnit, paths_down
from houqin.core.scope.models import within
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer

KEY = "under"


@dataclass(frozen=True)
class Focus:
    """The unit looked at, with those above it that lie within reach (the topmost first)."""

    chain: tuple[OrgUnit, ...] = ()

    @property
    def org(self) -> OrgUnit | None:
        return self.chain[-1] if self.chain else None

    @property
    def path(self) -> str:
        return self.org.path if self.org else ""

    def narrow(self, scope_path: str, *, inherited: bool = False) -> Q:
        """The condition that keeps rows of this part of the tree."""
        return within(scope_path, (self.path,), inherited=inherited) if self.path else Q()


def chain(path: str, viewer: Viewer) -> tuple[OrgUnit, ...]:
    """The units from the top down to this path, as far as they lie within the viewer's reach."""
    if not path:
        return ()
    units = OrgUnit.objects.filter(path__in=paths_down(path)).order_by("path")
    return tuple(unit for unit in units if viewer.sees(unit.path))


def named(text: str, viewer: Viewer) -> str:
    """The path of the unit named by its public id or its path, empty when it is not within reach."""
    lookup: dict[str, Any] = {"path": text}
    if not text.isdigit():
        try:
            lookup = {"public_id": UUID(text)}
        except ValueError:
            return ""
    path = OrgUnit.objects.filter(**lookup).values_list("path", flat=True).first()
    return str(path) if path and viewer.sees(path) else ""


def _read(request: HttpRequest) -> Focus:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if KEY in request.GET:
        path = named(request.GET[KEY], viewer) if request.GET[KEY] else ""
        if request.session.get(KEY, "") != path:
            request.session[KEY] = path
    path = request.session.get(KEY, "")
    units = chain(path, viewer) if path and viewer.sees(path) else ()
    return Focus(units if units and units[-1].path == path else ())


def focus_of(request: HttpRequest) -> Focus:
    """The focus of this request, read once and only when somebody asks."""
    if not hasattr(request, "_houqin_focus"):
        request._houqin_focus = SimpleLazyObject(lambda: _read(request))  # type: ignore[attr-defined]
    return request._houqin_focus  # type: ignore[attr-defined,no-any-return]


def home_of(request: HttpRequest) -> OrgUnit | None:
    """The one unit where the viewer's reach begins; None for several and for the whole country."""
    if not hasattr(request, "_houqin_home"):
        tops = request.viewer.paths_for()  # type: ignore[attr-defined]
        only = tops[0] if len(tops) == 1 else ""
        request._houqin_home = OrgUnit.objects.filter(path=only).first() if only else None  # type: ignore[attr-defined]
    return request._houqin_home  # type: ignore[attr-defined,no-any-return]


def unit_of(request: HttpRequest) -> OrgUnit:
    """The unit that a page of one unit is about: the one looked at, else the first of the viewer's reach."""
    unit = focus_of(request).org or next(iter(below("", request.viewer, 1)), None)  # type: ignore[attr-defined]
    if unit is None:
        raise NotVisible(_("Your account has no role at any unit. Ask the office that opened it."))
    return unit


def below(path: str, viewer: Viewer, most: int = 300) -> list[OrgUnit]:
    """The units one step below; at the top those where the viewer's reach begins."""
    if path:
        units = OrgUnit.objects.filter(parent__path=path, closed_on__isnull=True)
    else:
        reach = viewer.paths_for()
        units = OrgUnit.objects.filter(path__in=reach) if reach != ("",) else OrgUnit.objects.filter(parent=None)
    return list(units.order_by("path")[:most])


def called(text: str, viewer: Viewer, most: int = 30) -> list[OrgUnit]:
    """Units within reach whose name holds the text."""
    found = (
        OrgUnit.objects.filter(within("path", viewer.paths_for())) if not viewer.is_system else OrgUnit.objects.all()
    )
    return list(found.filter(name__icontains=text).order_by("path")[:most])
