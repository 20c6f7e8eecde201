"""The base of every business table: how it hangs on the tree and what it holds."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer, subtree

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DataClass(models.TextChoices):
    """What a table holds, and so how it is shown, kept and erased."""

    PUBLIC = "public", _("Public")
    OPERATIONAL = "operational", _("Operational")
    PERSONAL = "personal", _("Personal data")
    MINOR = "minor", _("A minor's personal data")

    @property
    def is_personal(self) -> bool:
        """Whether it is about persons."""
        return self in {DataClass.PERSONAL, DataClass.MINOR}


def within(scope_path: str, paths: tuple[str, ...], *, inherited: bool = False) -> Q:
    """Rows at or below one of the paths; with ``inherited`` also rows owned by the units above them."""
    match = Q(pk__in=[])
    for path in paths:
        low, high = subtree(path)
        match |= Q(**{f"{scope_path}__gte": low, f"{scope_path}__lt": high})
        if inherited:
            above = [path[:end] for end in range(4, len(path), 4)]
            match |= Q(**{f"{scope_path}__in": above})
    return match


class ScopedQuerySet(models.QuerySet[Any, Any]):
    """Rows that belong to a place in the organisation tree."""

    model: type["ScopedModel"]

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """Rows where the viewer holds the permission (the table's own view permission by default)."""
        if viewer.is_system:
            return self
        paths = viewer.paths_for(permission or self.model.VIEW_PERMISSION)
        match = within(self.model.SCOPE_PATH, paths, inherited=self.model.INHERITED)
        if self.model.SUBJECT_PATH and viewer.pupil_ids:
            match |= Q(**{f"{self.model.SUBJECT_PATH}__in": viewer.pupil_ids})
        return self.filter(match)

    def under(self, path: str) -> Self:
        """Rows at or below one unit."""
        return self.filter(within(self.model.SCOPE_PATH, (path,))) if path else self

    def secret(self) -> Self:
        """Those that somebody within reach must not know of for the time being; of most tables none."""
        return self.none()

    def get_visible(self, viewer: Viewer, permission: str | None = None, **lookup: Any) -> Any:
        """The one row, or NotVisible (404) when there is none within reach."""
        row = self.visible_to(viewer, permission).filter(**lookup).first()
        if row is None:
            raise NotVisible
        return row


class ScopedModel(models.Model):
    """A business table. It says how it hangs on the tree, what it holds and how long it is kept.

    ``SUBJECT_PATH`` leads to the pupil a row is about: guardians see the rows of their own children.
    Of persons: ``PURPOSE`` says what it is kept for, in the words of whoever asks.
    ``RETENTION_FROM`` names the day from which the months count: such rows are taken away one by one when they are over.
    Rows without it go with what they belong to, or with the month of their table.
    ``INHERITED`` rows (master data) are owned by a unit and visible below it as well.
    ``PARTITIONED``: a leaf table, made by CreatePartitionedModel, that is kept by months of its ``day``.
    """

    SCOPE_PATH: ClassVar[str]
    DATA_CLASS: ClassVar[DataClass]
    RETENTION_MONTHS: ClassVar[int | None]
    RETENTION_FROM: ClassVar[str] = ""
    VIEW_PERMISSION: ClassVar[str]
    PURPOSE: ClassVar["StrOrPromise"] = ""
    STATE_FIELDS: ClassVar[frozenset[str]] = frozenset()
    INHERITED: ClassVar[bool] = False
    PARTITIONED: ClassVar[bool] = False
    SUBJECT_PATH: ClassVar[str] = ""

    objects: ClassVar[Any] = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def amend(self, values: Mapping[str, Any]) -> list[str]:
        """Take the values that differ, check the row and save them; returns the names of what changed."""
        changed = [name for name, value in values.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, values[name])
        if changed:
            self.full_clean()
            self.save(update_fields=changed)
        return changed
