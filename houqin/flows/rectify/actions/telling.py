"""What people are told of a finding beside what climbs: that an office supervises it, and the answer to who asked for time."""

from django.urls import reverse
from django.utils.translation import gettext as _

from houqin.core.notices.actions import tell
from houqin.core.notices.models import Notice
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.climbing import HEAD
from houqin.flows.duties.reminding_readers import readers_of
from houqin.flows.rectify.models import Extension, Finding


def tell_supervised(row: Finding, by: Viewer, reason: str) -> int:
    """Tell the heads of the school; how many."""

    def words() -> tuple[str, str]:
        return _("%(unit)s supervises this now: %(what)s") % {"unit": row.supervised_by, "what": row.title}, reason

    heads = readers_of({(row.org_id, HEAD)}, by.today).get((row.org_id, HEAD), [])
    return tell(heads, words, by=by, org=row.org, url=_address(row), level=Notice.Level.NOW)


def tell_answered(row: Finding, asked: Extension, by: Viewer) -> int:
    """Tell who asked for more time whether it is granted; how many."""
    given = {"what": row.title, "day": asked.until}

    def words() -> tuple[str, str]:
        granted = _("More time until %(day)s: %(what)s") % given
        return granted if asked.granted else _("No more time: %(what)s") % given, asked.answer

    people = [asked.account] if asked.account is not None and asked.account.is_active else []
    return tell(people, words, by=by, org=row.org, url=_address(row), level=Notice.Level.SOON)


def _address(row: Finding) -> str:
    return reverse("rectify:findings-detail", args=[row.public_id])
