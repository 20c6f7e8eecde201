"""Photos: taken in an entry form, shown small beside what they prove."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.files.models import StoredFile
from houqin.core.files.pictures import read_picture
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.ui import formats, icons
from houqin.ui.screens.columns import Column
from houqin.ui.screens.look import Look, follow

WATCHED = {DataClass.PERSONAL, DataClass.MINOR}


class PhotoField(forms.FileField):
    """One photo, straight from the camera. It is looked at while the form is checked, before anything is locked:
    the upload carries its ``picture`` on to ``keep_photo``."""

    def __init__(self, **options: Any) -> None:
        camera = {"accept": "image/*", "capture": "environment", "data-photo": True}
        words = {"data-words": _("{width} × {height}, {kb} KB"), "data-alt": _("The photo just taken")}
        options.setdefault("widget", forms.FileInput(attrs=camera | words))
        options.setdefault("allow_empty_file", True)
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            upload.picture = read_picture(upload)
        except Refused as refusal:
            raise ValidationError(str(refusal.message)) from refusal
        return upload


def photo_html(file: StoredFile | None, viewer: Viewer) -> str:
    """The thumbnail that opens the picture. Of persons only a word: each look at such a picture is recorded."""
    if file is None or not viewer.may(file.permission, file.org.path):
        return formats.NOTHING
    address = reverse("ui:file", args=[file.public_id])
    if file.data_class in WATCHED or file.thumbnail is None:
        return format_html('<a class="photo" href="{}">{}<span>{}</span></a>', address, icons.svg("photo"), file.name)
    title = f"{file.name} · {formats.instant(file.taken_at)}" if file.taken_at else file.name
    return format_html(
        '<a class="photo" href="{}" title="{}"><img src="{}" width="{}" height="{}" alt="{}" loading="lazy" /></a>',
        address, title, reverse("ui:file-small", args=[file.public_id]), file.thumbnail.width, file.thumbnail.height,
        gettext("Photo: %s") % file.name,
    )  # fmt: skip


class Photo(Column):
    """A photo, as its thumbnail; in a spreadsheet its name."""

    def html(self, row: Any, look: Look) -> str:
        return photo_html(follow(row, self.name), look.viewer)

    def joins(self, model: type[Model]) -> list[str]:
        return [*super().joins(model), f"{self.name}__thumbnail", f"{self.name}__org"]
