"""A notice ends, begins again, or is copied for the next month."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.actions.writing import hold
from houqin.flows.collect.models import Collection, CollectionColumn

titled({
    "collect.closed": _("Notice closed"), "collect.reopened": _("Notice opened again"), "collect.copied": _("Notice copied"),
})  # fmt: skip
COPIED = ("org_id", "text", "basis", "due_days", "days_counted", "several_rows", "template_id")
COPIED_COLUMN = ("position", "label", "label_key", "kind", "unit", "decimals", "choices", "needed", "known")


@verb
def close_notice(collection: Collection, *, by: Viewer) -> Collection:
    """Close a notice: what has come stays, nobody answers any more."""
    row = hold(collection, by)
    if not row.is_open:
        raise Refused(_("Only a notice that is out to schools can be closed."))
    row.state, row.closed_at, row.closed_by_id = Collection.State.CLOSED, by.now, by.account_id
    row.save(update_fields=["state", "closed_at", "closed_by"])
    record("collect.closed", row, by=by, org=row.org)
    return row


@verb
def reopen_notice(collection: Collection, *, by: Viewer) -> Collection:
    """Open a closed notice again, so that schools can still answer."""
    row = hold(collection, by)
    if row.state != Collection.State.CLOSED:
        raise Refused(_("This notice is not closed."))
    row.state, row.closed_at, row.closed_by = Collection.State.OPEN, None, None
    row.save(update_fields=["state", "closed_at", "closed_by"])
    record("collect.reopened", row, by=by, org=row.org)
    return row


@verb
def copy_notice(collection: Collection, *, by: Viewer, title: str) -> Collection:
    """The same table to the same schools again, as a draft; its sums will stand beside this one's."""
    row = hold(collection, by)
    copy = Collection(
        title=title, made_by_id=by.account_id, made_at=by.now, copied_from=row,
        **{name: getattr(row, name) for name in COPIED},
    )  # fmt: skip
    copy.full_clean()
    copy.save()
    CollectionColumn.objects.bulk_create(
        CollectionColumn(collection=copy, **{name: getattr(column, name) for name in COPIED_COLUMN})
        for column in row.columns.all()
    )
    copy.chosen.set(row.chosen.filter(closed_on__isnull=True, path__startswith=row.org.path))
    record("collect.copied", copy, by=by, org=row.org, of=row)
    return copy
