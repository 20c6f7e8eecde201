"""Sending and reading notices."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer

titled({"notices.sent": _("Notice sent"), "notices.all_read": _("Notices read")})


@verb
def notify(
    accounts: Iterable[Account],
    *,
    by: Viewer,
    org: OrgUnit,
    title: str,
    body: str = "",
    url: str = "",
    level: str = Notice.Level.INFO,
) -> int:
    """Put a notice into each account's inbox; returns how many. The calling verb has checked the permission."""
    made = Notice.objects.bulk_create(
        Notice(account=account, org=org, at=by.now, title=title[:200], body=body, url=url, level=level)
        for account in accounts
    )
    if made:
        record("notices.sent", None, by=by, org=org, title=title, count=len(made))
    return len(made)


@verb
def mark_read(notices: Iterable[int] | None = None, *, by: Viewer) -> int:
    """Mark one's own notices as read: those given, or all."""
    rows = Notice.objects.visible_to(by).unread()
    if notices is not None:
        rows = rows.filter(pk__in=list(notices))
    count: int = rows.update(read_at=by.now)
    if count and notices is None:
        record("notices.all_read", None, by=by, org=None, count=count)
    return count
