"""What a check found, in words that need no explaining."""

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from houqin.flows.seals.walking import Fault
from houqin.ui import formats

KINDS: dict[str, Any] = {
    "malformed": gettext_lazy("No. %(number)s is no seal any more: its bytes were damaged."),
    "other_chain": gettext_lazy("No. %(number)s belongs to the chain of another unit."),
    "item": gettext_lazy("No. %(number)s names another record than the one it was sealed for."),
    "altered": gettext_lazy("No. %(number)s was changed: its header or digest is not the one that was sealed."),
    "seal": gettext_lazy("The seal of no. %(number)s was changed."),
    "time": gettext_lazy("No. %(number)s is back-dated: it claims to be sealed before the one before it."),
    "missing": gettext_lazy("No. %(number)s to %(last)s were deleted."),
    "fork": gettext_lazy("No. %(number)s stands twice: the chain was forked."),
    "swapped": gettext_lazy("No. %(number)s and no. %(last)s were swapped."),
    "removed": gettext_lazy("%(detail)s seals before no. %(number)s were removed and the later ones renumbered."),
    "inserted": gettext_lazy("%(detail)s seals before no. %(number)s were inserted and the later ones renumbered."),
    "cut": gettext_lazy("The end was cut off: no. %(number)s to %(last)s are gone."),
    "cut_held": gettext_lazy(
        "The end was cut off: no. %(number)s to %(last)s are gone, which the checkpoint of %(detail)s still proves."
    ),
    "beyond": gettext_lazy("No. %(number)s to %(last)s were added past the end of the chain."),
    "end": gettext_lazy("The last seal, no. %(number)s, is not the one that the chain ends with."),
    "rewritten": gettext_lazy(
        "The chain was rewritten between no. %(number)s and no. %(last)s: it no longer fits the checkpoint of %(detail)s."
    ),
    "checkpoint": gettext_lazy("A checkpoint is damaged and cannot be read."),
    "checkpoint_gone": gettext_lazy("The checkpoint at no. %(number)s was deleted."),
    "signature": gettext_lazy(
        "The checkpoint of %(detail)s at no. %(number)s was changed: its signature does not fit."
    ),
    "key": gettext_lazy("The checkpoint at no. %(number)s was signed with a key unknown here (%(detail)s)."),
    "content": gettext_lazy("The content of no. %(number)s was changed after it was sealed."),
    "content_swapped": gettext_lazy("The contents of no. %(number)s and no. %(last)s were swapped."),
    "content_gone": gettext_lazy("The content of no. %(number)s was deleted; no erasure is on record."),
    "unsealed": gettext_lazy("A record was inserted without a seal (%(item)s)."),
    "column": gettext_lazy("No. %(number)s: “%(detail)s” was changed after it was sealed."),
    "personal": gettext_lazy("No. %(number)s: personal data was changed after it was sealed (%(detail)s)."),
    "personal_gone": gettext_lazy("No. %(number)s: personal data is gone and no erasure is on record (%(detail)s)."),
    "photo": gettext_lazy("No. %(number)s: a photo is not the one that was sealed."),
    "photo_gone": gettext_lazy("No. %(number)s: a photo is gone."),
}


def fault_words(fault: Fault) -> str:
    """One fault as a sentence."""
    if fault.kind == "missing" and fault.number == fault.last:
        return _("No. %(number)s was deleted.") % {"number": fault.number}
    return str(KINDS[fault.kind]) % fault._asdict()


def sentence(unit: object, result: dict[str, Any]) -> str:
    """The whole result in a sentence or two, for whoever asks whether the records can be trusted."""
    count, faults = result.get("count", 0), len(result.get("faults", ()))
    if not count and not faults:
        return _("%(unit)s has no sealed records yet.") % {"unit": unit}
    found = {"unit": unit, "count": f"{count:,}", "first": _day(result, "first_at"), "last": _day(result, "last_at")}
    if faults:
        told = ngettext(
            "%(unit)s: in %(count)s sealed records one thing is not as it was sealed.",
            "%(unit)s: in %(count)s sealed records %(faults)s things are not as they were sealed.",
            faults,
        )
        return told % (found | {"faults": faults})
    told = _("%(unit)s has %(count)s records from %(first)s to %(last)s. No change was found.") % found
    return " ".join([told, *_more(result)])


def _more(result: dict[str, Any]) -> list[str]:
    found = []
    if result.get("erased"):
        words = _("%(count)s of them were erased when their time was over, which is on record.")
        found.append(words % {"count": result["erased"]})
    if result.get("held_number"):
        words = _("Up to no. %(number)s this is also proved by a signature held by the office above (%(day)s).")
        found.append(words % {"number": f"{result['held_number']:,}", "day": _day(result, "held_at")})
    return found


def _day(result: dict[str, Any], name: str) -> str:
    value = result.get(name)
    moment = parse_datetime(value) if isinstance(value, str) else value
    return formats.local_day(moment).isoformat() if moment else formats.NOTHING
