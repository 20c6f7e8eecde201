"""Reading, declared: a list by pages and one row by its id, for whoever may see them on the pages of the house."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.schema import DjangoGetter

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.models import ScopedModel, within
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.veils import unveil
from houqin.edge.api.paging import Order, Page, page_of
from houqin.edge.api.problems import ProblemOut, wrong
from houqin.edge.api.schemas import Asked
from houqin.edge.api.scopes import takes

M = TypeVar("M", bound=Model)
ERRORS: dict[Any, Any] = {code: ProblemOut for code in (400, 401, 403, 404, 405, 422, 429)}


@dataclass(frozen=True, kw_only=True)
class Reads:
    """One kind of row. ``narrow`` chooses among what is within reach, ``shown`` turns the rows of a page into what is told of
    them in a fixed number of queries. ``veiled`` rows have no public id and are named by a veil."""

    model: type[ScopedModel]
    out: type[Schema]
    order: Order
    many: str | Promise
    one: str | Promise = ""
    asked: type[Asked] = Asked
    permission: str = ""
    joins: Sequence[str] = ("org",)
    prefetch: Sequence[Any] = ()
    narrow: Callable[[Any, Viewer], Any] = lambda rows, viewer: rows
    shown: Callable[[list[Any], Viewer], list[Any]] = lambda rows, viewer: rows
    veiled: bool = False

    def rows(self, viewer: Viewer) -> Any:
        """All that the viewer may read, joined with what is told of it."""
        permission = self.permission or self.model.VIEW_PERMISSION
        may(viewer, permission)
        rows = self.narrow(self.model.objects.visible_to(viewer, permission), viewer)
        return rows.select_related(*self.joins).prefetch_related(*self.prefetch)

    def find(self, viewer: Viewer, ref: UUID) -> Any:
        """One row; 404 when it is not within reach."""
        row = self.rows(viewer).filter(**self._lookup(ref)).first()
        if row is None:
            raise NotVisible
        return row

    def _lookup(self, ref: UUID) -> dict[str, Any]:
        return {"pk": unveil(self.model, ref)} if self.veiled else {"public_id": ref}


def mount(router: Router, slug: str, reads: Reads) -> None:
    """Put the list at ``/slug`` and, where it has a name, one row at ``/slug/{id}``."""
    name, kind, out = slug.replace("-", "_"), reads.asked, reads.out

    def many(request: HttpRequest, asked: Annotated[kind, Query()]) -> Any:  # type: ignore[valid-type]
        viewer = viewer_of(request)
        rows = reads.rows(viewer).filter(**asked.chosen())  # type: ignore[attr-defined]
        if asked.unit is not None:  # type: ignore[attr-defined]
            rows = rows.filter(within(reads.model.SCOPE_PATH, (unit_of(viewer, asked.unit).path,)))  # type: ignore[attr-defined]
        items, following = page_of(rows, reads.order, cursor=asked.cursor, limit=asked.limit, where=slug)  # type: ignore[attr-defined]
        return {"items": reads.shown(items, viewer), "next": following}

    def one(request: HttpRequest, ref: UUID) -> Any:
        viewer = viewer_of(request)
        return reads.shown([reads.find(viewer, ref)], viewer)[0]

    many.__name__, one.__name__ = f"list_{name}", f"get_{name}"
    note = takes(reads.permission or reads.model.VIEW_PERMISSION)
    router.get(
        f"/{slug}", response={200: Page[out], **ERRORS}, summary=reads.many, operation_id=many.__name__, description=note,  # type: ignore[valid-type, arg-type]
        url_name=f"list-{slug}",
    )(many)  # fmt: skip
    if reads.one:
        router.get(
            f"/{slug}/{{uuid:ref}}", response={200: out, **ERRORS}, summary=reads.one, operation_id=one.__name__,  # type: ignore[arg-type]
            description=note, url_name=f"get-{slug}",
        )(one)  # fmt: skip


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks."""
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found


def may(viewer: Viewer, permission: str) -> None:
    """Stop unless the key holds the permission somewhere (403)."""
    if not viewer.may_anywhere(permission):
        raise PermissionDenied(permission)


def unit_of(viewer: Viewer, ref: UUID) -> OrgUnit:
    """A unit within the reach of the key, by its id (404)."""
    found = OrgUnit.objects.filter(within("path", viewer.paths_for()), public_id=ref).first()
    if found is None:
        raise NotVisible
    return found  # type: ignore[no-any-return]


def named(rows: "QuerySet[M]", ref: UUID, field: str) -> M:
    """A row that an entry names, of those it may name."""
    return all_named(rows, [ref], field)[ref]


def all_named(rows: "QuerySet[M]", refs: Sequence[UUID], field: str) -> dict[UUID, M]:
    """Rows that entries name, by id. One query."""
    found = {row.public_id: row for row in rows.filter(public_id__in=set(refs))}  # type: ignore[attr-defined]
    missing = [str(ref) for ref in refs if ref not in found]
    if missing:
        raise wrong(field, _("There is none within the reach of this key: %(ids)s.") % {"ids": ", ".join(missing[:5])})
    return found


def told(out: type[Schema], row: Any) -> str:
    """A row as JSON, in the shape declared."""
    return out.model_validate(DjangoGetter(row, out)).model_dump_json()
