"""What inspections keep of somebody whose data is erased; loaded at start."""

from collections.abc import Iterable

from django.db.models import Q

from houqin.core.files.actions import drop_files
from houqin.core.people.erasing import Erased, erases, sealed_text
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.models import Signature

for _table in ("visit", "answer", "signature"):
    sealed_text(f"inspections.{_table}")


@erases
def erase_signatures(erased: Erased, by: Viewer) -> Iterable[str]:
    """Their name and drawing under records of visits; the sealed record holds neither."""
    theirs = Q(account=erased.account) if erased.account else Q(pk__in=[])
    named = Q(name=erased.name) & within("visit__org__path", (erased.person.org.path,))
    rows = list(Signature.objects.filter(theirs | named).select_related("image__blob", "image__thumbnail"))
    files = [row.image for row in rows if row.image]
    for row in rows:
        Signature.objects.filter(pk=row.pk).update(
            name=f"{erased.alias} {row.pk}"[:60], salt="", image=None, account=None
        )
    drop_files(files)
    return ()
