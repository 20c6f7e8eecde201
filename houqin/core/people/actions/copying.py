"""Handing out what is kept of somebody."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.people.copying import Copied, copy_of
from houqin.core.people.models import Person, Pupil
from houqin.core.scope.refusals import require
from houqin.core.scope.viewer import Viewer

titled({"people.copied": _("Copy of a person's data taken")})


@verb
def copy_personal_data(subject: Person | Pupil, *, by: Viewer) -> list[Copied]:
    """Take a copy of everything kept of a person, for them or their guardian; whoever may erase it may hand it out."""
    require(by, "people.erase", at=subject.org)
    found = copy_of(subject, by)
    record(
        "people.copied", subject, by=by, org=subject.org, tables=len(found), rows=sum(len(one.rows) for one in found)
    )
    return found
