"""Contents stored once, and the rows of units that name them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.tables.ids import PublicIdField


class Blob(models.Model):
    """The bytes of a file under the digest of their content; identical bytes are stored once, never changed."""

    SCOPE_EXEMPT = "bytes without an owner; reached only through a file row, which has its unit and its permission"

    digest = models.CharField(max_length=64, unique=True, editable=False)
    media_type = models.CharField(max_length=80)
    size_bytes = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.digest[:12]


class Likeness(models.Model):
    """How a photo of work looks, as a hash and its five parts: photos that are used again are found by it."""

    SCOPE_EXEMPT = "of bytes without an owner; tells nothing but that two pictures look alike"

    blob = models.OneToOneField(Blob, models.CASCADE, related_name="likeness")
    dhash = models.BigIntegerField()
    part0 = models.SmallIntegerField(db_index=True)
    part1 = models.SmallIntegerField(db_index=True)
    part2 = models.SmallIntegerField(db_index=True)
    part3 = models.SmallIntegerField(db_index=True)
    part4 = models.SmallIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.dhash:x}"


class StoredFile(ScopedModel):
    """A file of a unit: what it shows, when it was taken and by whom. Opened only with ``permission`` at its unit.

    The row goes when its retention ends; its bytes go with the last row that names them.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 24
    RETENTION_FROM = "stored_at"
    VIEW_PERMISSION = "orgs.view"
    PURPOSE = _("Photos where a definition asks for them, as proof of the entry they belong to.")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="files")
    thumbnail = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="small_files")
    data_class = models.CharField(_("Data class"), max_length=12, choices=DataClass)
    permission = models.CharField(_("Permission"), max_length=60)
    name = models.CharField(_("Name"), max_length=120)
    taken_at = models.DateTimeField(_("Taken"), null=True, help_text="by the camera's own clock (EXIF)")
    stored_at = models.DateTimeField(_("Stored"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["-stored_at", "-id"]
        verbose_name = _("File")
        verbose_name_plural = _("Files")
        indexes = [models.Index(fields=["org", "stored_at"], name="file_by_unit")]

    def __str__(self) -> str:
        return self.name
