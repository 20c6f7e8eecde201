"""The office's own template, into which the answers are written."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.keeping import keep_bytes
from houqin.core.files.models import StoredFile
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.actions.writing import hold
from houqin.flows.collect.models import Collection
from houqin.flows.collect.templating import layout_of
from houqin.ui.screens.export import XLSX

LARGEST = 4 * 1024 * 1024
titled({"collect.template_kept": _("Template kept")})


@verb
def keep_template(collection: Collection, *, by: Viewer, sheet: Any) -> Collection:
    """Keep the office's .xlsx template: its header row names the columns of the table. A new one replaces it."""
    row = hold(collection, by)
    if (sheet.size or 0) > LARGEST:
        raise Refused(
            _("A template is at most %(mb)s MB. Take pictures out of it.") % {"mb": LARGEST >> 20}, field="sheet"
        )
    content = sheet.read()
    found = layout_of(content, list(row.columns.all()))
    row.template = StoredFile.objects.create(
        org=row.org, blob=keep_bytes(content, XLSX, width=0, height=0), data_class=DataClass.OPERATIONAL,
        permission="collect.follow", name=(sheet.name or "template.xlsx")[-120:], stored_at=by.now,
        account_id=by.account_id,
    )  # fmt: skip
    row.save(update_fields=["template"])
    record("collect.template_kept", row, by=by, org=row.org, columns=len(found.columns))
    return row
