"""Entries of the catalogues as loaded."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.citing import cited
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.scope.viewer import Viewer


class CatalogueQuerySet(ScopedQuerySet):
    """Entries by area and day."""

    def visible_to(self, viewer: Viewer, permission: str | None = None) -> Self:
        """All entries for whoever may read catalogues at all: they are public text."""
        return self if viewer.may_anywhere(permission or CatalogueItem.VIEW_PERMISSION) else self.none()

    def in_force(self, area: str, on: date) -> Self:
        """Entries of an area that hold on a day."""
        return self.filter(area=area, effective_from__lte=on).filter(
            Q(effective_to__isnull=True) | Q(effective_to__gt=on)
        )


class CatalogueItem(ScopedModel):
    """One entry in one version. A changed entry is a new version; records keep the version that judged them."""

    SCOPE_PATH = "region"
    DATA_CLASS = DataClass.PUBLIC
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "catalogues.view"

    class Confidence(models.TextChoices):
        """How sure a figure is (standards §0.1)."""

        CHECKED = "A", _("Checked in the text of law")
        REPRINT = "A*", _("Checked in a reprint")
        KNOWN = "B", _("Well known")
        UNSURE = "C", _("To be confirmed locally")

    area = models.CharField(_("Catalogue"), max_length=40)
    code = models.CharField(_("Code"), max_length=60)
    version = models.PositiveIntegerField(_("Version"), default=1)
    title_zh = models.CharField(_("Chinese title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=120)
    source = models.CharField(_("Source"), max_length=300)
    clause = models.CharField(_("Clause"), max_length=80, blank=True)
    confidence = models.CharField(_("Confidence"), max_length=2, choices=Confidence)
    region = models.CharField(_("Region"), max_length=64, blank=True)
    effective_from = models.DateField(_("From"))
    effective_to = models.DateField(_("Until"), null=True, blank=True)
    body = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    objects: ClassVar[Any] = CatalogueQuerySet.as_manager()

    class Meta:
        ordering = ["area", "code", "-version"]
        constraints = [models.UniqueConstraint(fields=["area", "code", "version"], name="catalogue_one_version")]

    def __str__(self) -> str:
        return str(self.title_zh if (get_language() or "").startswith("zh") else self.title_en)

    @property
    def basis(self) -> str:
        """The document and its clause."""
        return cited(self.source, self.clause)

    def value(self, name: str) -> Any:
        """One field of the entry's body."""
        return self.body[name]
