"""The reason of a deed, which is never left out."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.refusals import Refused

LONGEST_REASON = 200


def said(reason: str) -> str:
    """The reason as it is kept."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why. The reason stays in the record."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Say it in %(most)s characters at most.") % {"most": LONGEST_REASON}, field="reason")
    return reason
