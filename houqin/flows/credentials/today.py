"""One's own papers that end, and what waits for its second look. What a school has to renew are duties."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials import queries
from houqin.flows.credentials.kinds import kinds_on, title
from houqin.flows.credentials.models import Credential
from houqin.ui.today import Bucket, TodayRow, source

MOST = 12
URGENT = 7


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
