"""Warnings as the weather service or the flood office gives them out: typed in, with their end, for all schools below."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.after import happened
from houqin.flows.duties.models import Announcement
from houqin.flows.duties.warnings import WARNINGS

LONGEST = timedelta(days=15)

titled({"duties.announced": _("Warning announced"), "duties.all_clear": _("Warning ended early")})


@verb
def announce(org: OrgUnit, *, by: Viewer, event: str, until: datetime, words: str) -> Announcement:
    """Announce a warning for a unit and all below it: each school concerned gets its duties at once."""
    require(by, "duties.set", at=org)
    org = OrgUnit.objects.select_for_update(no_key=True).get(pk=org.pk)
    if event not in WARNINGS:
        raise Refused(_("There is no such warning. Choose one of the list."), field="event")
    if not words.strip():
        raise Refused(_("Say what the warning says: level, area, from when on."), field="words")
    if until <= by.now:
        raise Refused(_("The warning would be over already. Enter when it ends."), field="until")
    if until > by.now + LONGEST:
        raise Refused(_("A warning lasts at most 15 days. Announce it again if it goes on."), field="until")
    if Announcement.objects.filter(org=org, event=event, until__gt=by.now).exists():
        raise Refused(_("This warning stands already. End it first, or wait until it is over."), field="event")
    row = Announcement(org=org, event=event, words=words.strip(), since=by.now, until=until, account_id=by.account_id)
    row.duties = happened(event, org, at=by.now, until=until)
    row.full_clean()
    row.save()
    record("duties.announced", row, by=by, org=org, kind=event, until=until, words=row.words, duties=row.duties)
    emit("duties.announced", by=by, org=org, subject=row, kind=event)
    return row


@verb
def end_warning(announcement: Announcement, *, by: Viewer, why: str) -> Announcement:
    """The danger is over before the time given: what was asked and not yet done stays, nothing more is added."""
    require(by, "duties.set", at=announcement.org)
    row: Announcement = (
        Announcement.objects.select_for_update(of=("self",)).select_related("org").get(pk=announcement.pk)
    )
    if row.until <= by.now:
        raise Refused(_("This warning is over already."))
    if not why.strip():
        raise Refused(_("Say who gave the all-clear."), field="why")
    row.until = by.now
    row.save(update_fields=["until"])
    record("duties.all_clear", row, by=by, org=row.org, kind=row.event, why=why.strip())
    return row
