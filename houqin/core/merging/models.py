"""Rows that people record under several names."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import ScopedModel, ScopedQuerySet


class MergeableQuerySet(ScopedQuerySet):
    """Rows by the one they stand for."""

    def canonical(self) -> Self:
        """Rows that stand for themselves."""
        return self.filter(root__isnull=True)

    def group_of(self, row: "Mergeable") -> Self:
        """The row that ``row`` stands for and every other name of it."""
        root = row.canonical_id
        return self.filter(Q(pk=root) | Q(root_id=root))


class Mergeable(ScopedModel):
    """A name as recorded. Facts keep pointing at it; what it stands for is ``root`` (itself when empty).

    ``merged_into`` is what a person decided and can undo; ``root`` follows from it.
    """

    MERGE_PERMISSION: ClassVar[str]
    root_id: int | None
    merged_into_id: int | None

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("Same as"),
    )
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="names")

    objects: ClassVar[Any] = MergeableQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def canonical_id(self) -> int:
        """The id of the row that this one stands for."""
        return int(self.root_id or self.pk)

    @property
    def is_merged(self) -> bool:
        """Whether this is another name of something else."""
        return self.merged_into_id is not None
