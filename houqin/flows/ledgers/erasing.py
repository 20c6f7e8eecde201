"""What ledgers and their binders keep of somebody whose data is erased; loaded at start."""

from collections.abc import Iterable

from houqin.core.files.actions import drop_files
from houqin.core.people.erasing import Erased, erases, sealed_text
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.actions.erasing import erased as erase_entries
from houqin.flows.seals.models import Binder

sealed_text("ledgers.ledgerentry")


@erases
def erase_written(erased: Erased, by: Viewer) -> Iterable[str]:
    """What is written of them and by them; binders that hold names are made anew by whoever needs one."""
    ids = [erased.person.public_id, *([erased.account.public_id] if erased.account else [])]
    erase_entries(erased.person.org, by=by, why=erased.why, ids=ids, name=erased.name)
    path = erased.person.org.path
    ready = Binder.objects.filter(within("org__path", (path,), inherited=True), names=True, file__isnull=False)
    rows = list(ready.select_related("file__blob", "file__thumbnail"))
    ready.update(file=None, state=Binder.State.GONE)
    drop_files([row.file for row in rows])
    return ()
