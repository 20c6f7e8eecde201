"""What ends soon: a row for each holder until it is renewed, and what waits for its second look."""

from collections.abc import Iterator
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials import queries
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import kinds_on, title
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.rules import due_reminder
from houqin.ui.today import Bucket, TodayRow, source

MOST = 12
URGENT = 7


@source
def ending(viewer: Viewer) -> Iterator[TodayRow]:
    """Who runs a school sees each holder whose paper ends: 60, 30 and 7 days before, and until it is renewed."""
    own_school = queries.within_own_schools(viewer, "credentials.record")
    if own_school is None:
        return
    kinds = kinds_on(viewer.today)
    rows = queries.ending(viewer, "credentials.record").filter(own_school)[: MOST * 5]
    due = [row for row in rows if _reminded(row, viewer, kinds) is not None]
    grouped = groupby(sorted(due, key=lambda row: (row.holder_id, row.expires_on)), key=lambda row: row.holder_id)
    held = sorted((list(group) for _holder, group in grouped), key=lambda group: group[0].expires_on)
    for group in held[:MOST]:
        first = group[0]
        names = "、".join(title(kinds[row.kind]) if row.kind in kinds else row.kind for row in group)
        yield TodayRow(
            what=gettext("%(holder)s: renew %(papers)s") % {"holder": first.holder, "papers": names}, where=first.org.name,
            until=first.expires_on, bucket=_bucket(first, viewer), icon="certificate", button=_("Renew it"),
            url=reverse("credentials:papers-detail", args=[first.public_id]),
        )  # fmt: skip
    if len(held) > MOST:
        more = len(held) - MOST
        what = ngettext("%(count)s more holder to renew", "%(count)s more holders to renew", more) % {"count": more}
        yield TodayRow(
            what=what, url=reverse("credentials:board"), button=_("Look"), bucket=Bucket.LATER, icon="certificate"
        )


def _reminded(row: Credential, viewer: Viewer, kinds: dict[str, CredentialKind]) -> int | None:
    kind = kinds.get(row.kind)
    reminders = kind.reminders if kind else [30, 7]
    return due_reminder(row.expires_on, viewer.today, reminders) if row.expires_on else None


def _bucket(row: Credential, viewer: Viewer) -> str:
    left = (row.expires_on - viewer.today).days if row.expires_on else 0
    if left < 0:
        return Bucket.OVERDUE
    return Bucket.NOW if left <= URGENT else Bucket.LATER


@source
def own(viewer: Viewer) -> Iterator[TodayRow]:
    """One's own papers, for who does not keep those of the school."""
    if viewer.may_anywhere("credentials.record"):
        return
    kinds = kinds_on(viewer.today)
    for row in queries.own_ending(viewer)[:MOST]:
        name = title(kinds[row.kind]) if row.kind in kinds else row.kind
        what = gettext("Renew your “%(paper)s” and hand in the new one") % {"paper": name}
        yield TodayRow(what=what, until=row.expires_on, bucket=_bucket(row, viewer), icon="certificate")


@source
def to_verify(viewer: Viewer) -> Iterator[TodayRow]:
    """What others recorded at a school and nobody else has compared with the paper: one row."""
    own_school = queries.within_own_schools(viewer, "credentials.verify")
    if own_school is None:
        return
    rows = queries.to_verify(viewer).filter(own_school)[: MOST + 1]
    waiting = len(rows)
    if waiting:
        what = ngettext("%(count)s credential to verify", "%(count)s credentials to verify", waiting) % {
            "count": waiting if waiting <= MOST else f"{MOST}+"
        }
        url = reverse("credentials:papers") + "?view=unverified"
        yield TodayRow(what=what, url=url, button=_("Verify"), bucket=Bucket.LATER, icon="checks")
