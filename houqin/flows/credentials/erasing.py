"""What credentials keep of somebody whose data is erased: numbers and photos go, kinds and dates stay."""

from collections.abc import Iterable

from houqin.core.files.actions import drop_files
from houqin.core.files.models import StoredFile
from houqin.core.people.erasing import Erased, erases
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.models import Credential

COVERED = "***"


@erases
def erase_papers(erased: Erased, by: Viewer) -> Iterable[str]:
    """The numbers, which the trail may repeat."""
    rows = Credential.objects.filter(holder__person=erased.person.pk)
    numbers = set(rows.exclude(number="").values_list("number", flat=True))
    photos = list(StoredFile.objects.filter(pk__in=rows.filter(photo__isnull=False).values("photo")))
    rows.update(number=COVERED, photo=None)
    drop_files(photos)
    return numbers
