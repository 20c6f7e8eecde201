"""Sending and reading notices."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer

Words = Callable[[], tuple[str, str]]
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
def tell(
    accounts: Iterable[Account],
    words: Words,
    *,
    by: Viewer,
    org: OrgUnit,
    url: str = "",
    level: str = Notice.Level.INFO,
) -> int:
    """Tell each account once and in its own language: ``words`` gives title and text. Returns how many were told."""
    by_language: dict[str, dict[int, Account]] = defaultdict(dict)
    for account in accounts:
        by_language[account.language][account.pk] = account
    for language, people in by_language.items():
        with translation.override(language):
            title, body = words()
        notify(people.values(), by=by, org=org, title=title, body=body, url=url, level=level)
    return sum(len(people) for people in by_language.values())


@dataclass(frozen=True)
class Note:
    """One notice of many, in its reader's language already."""

    account_id: int
    org_id: int
    title: str
    body: str = ""
    url: str = ""
    level: str = Notice.Level.INFO


@verb
def notify_each(notes: Iterable[Note], *, by: Viewer) -> int:
    """Put many notices into many inboxes at once, each with its own words; the trail keeps one entry for all of them."""
    made = Notice.objects.bulk_create(
        (
            Notice(account_id=one.account_id, org_id=one.org_id, at=by.now, title=one.title[:200], body=one.body,
                   url=one.url[:300], level=one.level)
            for one in notes
        ),
        batch_size=1000,
    )  # fmt: skip
    if made:
        record("notices.sent", None, by=by, org=None, count=len(made))
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
