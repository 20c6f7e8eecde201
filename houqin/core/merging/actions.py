"""Merging two names, and undoing it."""

from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer, covers

M = TypeVar("M", bound=Any)
titled({"merging.merged": _("Merged with another name"), "merging.undone": _("Merge undone")})


def _locked(model: type[Any], *ids: int) -> dict[int, Any]:
    rows = model.objects.select_for_update(of=("self",)).select_related("org").filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows}


def _follow(model: type[Any], row: Any, root_id: int | None) -> None:
    """Set what a row and all names merged into it stand for."""
    model.objects.filter(pk=row.pk).update(root_id=root_id)
    for name in model.objects.filter(merged_into=row):
        _follow(model, name, root_id or row.pk)


def _tell(event: str, duplicate: Any, kept: Any, by: Viewer) -> None:
    """Modules derive anew, in the same transaction, what depends on two names meaning one thing."""
    rows = {"duplicate": duplicate.pk, "kept": kept.pk}
    emit(event, by=by, org=duplicate.org, subject=duplicate, kind=duplicate._meta.label_lower, **rows)


@verb
def merge(kept: M, *, by: Viewer, duplicate: M, why: str = "") -> M:
    """Say that two names mean the same; facts stay under the name they were recorded with."""
    model = type(kept)
    rows = _locked(model, kept.pk, duplicate.pk)
    kept, duplicate = rows[kept.pk], rows[duplicate.pk]
    require(by, model.MERGE_PERMISSION, at=duplicate.org)
    if not covers(kept.org.path, duplicate.org.path):  # a name kept by a unit above is there to be used below
        require(by, model.MERGE_PERMISSION, at=kept.org)
    if kept.canonical_id == duplicate.canonical_id:
        raise Refused(_("These two are one already."))
    if duplicate.is_merged:
        raise Refused(_("%(name)s is merged already. Undo that first.") % {"name": duplicate})
    duplicate.merged_into = kept
    duplicate.save(update_fields=["merged_into"])
    _follow(model, duplicate, kept.canonical_id)
    record("merging.merged", duplicate, by=by, org=duplicate.org, into=kept, into_name=str(kept), why=why)
    _tell("merging.merged", duplicate, kept, by)
    kept.refresh_from_db()
    return kept


@verb
def undo_merge(duplicate: M, *, by: Viewer) -> M:
    """Let a name stand for itself again."""
    model = type(duplicate)
    duplicate = _locked(model, duplicate.pk)[duplicate.pk]
    require(by, model.MERGE_PERMISSION, at=duplicate.org)
    if duplicate.merged_into is None:
        raise Refused(_("%(name)s is not merged with anything.") % {"name": duplicate})
    former = duplicate.merged_into
    duplicate.merged_into = None
    duplicate.save(update_fields=["merged_into"])
    _follow(model, duplicate, None)
    record("merging.undone", duplicate, by=by, org=duplicate.org, was=former, was_name=str(former))
    _tell("merging.undone", duplicate, former, by)
    duplicate.refresh_from_db()
    return duplicate
