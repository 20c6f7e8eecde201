"""The details of an entry of the trail in words: keys as labels, stored values as people read them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.calendars.models import DayKind
from houqin.core.grants.roles import ROLES
from houqin.core.orgs.models import CanteenMode, Kind
from houqin.core.places.models import PlaceKind
from houqin.core.policies.registry import all_policies
from houqin.core.policies.words import in_words
from houqin.ui import formats

CHANNELS = {
    "web": _("Web page"), "api": _("Interface"), "cli": _("Command line"), "job": _("Background job"),
    "import": _("Import"), "device": _("Device"),
}  # fmt: skip
LABELS = {
    "added": _("Added"), "after": _("Afterwards"), "before": _("Before"), "boarders": _("Boarders"),
    "canteen_mode": _("Canteen"), "captured_at": _("Done on the phone, without network"),
    "category": _("Category"), "changed": _("Changed"), "classes": _("Classes"),
    "clock_off_minutes": _("Minutes that the phone's clock was fast"),
    "closed": _("Old unit ended"), "code": _("Code"), "columns": _("Columns"), "count": _("How many"),
    "decision": _("Decision"), "deliveries": _("Deliveries"), "drill": _("Drill"), "enrolment": _("Pupils"),
    "ends_on": _("Last day"), "fields": _("Corrected"), "file": _("File"), "files": _("Files"), "first": _("First day"), "from_on": _("From"), "grams": _("Weight"),
    "headcounts": _("Headcounts"), "in_store_grams": _("In store"), "into_name": _("Goes on as"),
    "issues": _("Issues to meals"), "kind": _("Kind"), "kitchen_grams": _("Found handed out"), "label": _("Reason"), "last": _("Last day"),
    "lots": _("Lots"),
    "menus": _("Weighed menus"), "moves": _("Stock moves"), "name": _("Name"), "new": _("New units"),
    "note": _("Remark"), "on": _("On"), "phone": _("Telephone"), "post": _("Post"), "pot_grams": _("Found in the pot"),
    "principal_name": _("Head of school"), "query": _("Filtered by"), "reason": _("Reason"), "recall": _("Recall"),
    "report": _("Report"), "role": _("Role"), "rule": _("Rule"), "same_as": _("Same as"), "school_type": _("Type of school"),
    "schools": _("Schools"), "screen": _("Page"), "served_grams": _("Served already"), "sheet": _("Sheet"),
    "shelf_life_days": _("Usual shelf life (days)"), "staff": _("Staff"), "starts_on": _("First day"), "still_frozen": _("Still frozen"),
    "store_grams": _("Found in store"), "title": _("Title"), "units": _("Units"), "username": _("User name"),
    "valid_from": _("Holds from"), "was_name": _("Was merged into"), "why": _("Why"), "work": _("Step"),
}  # fmt: skip
_KINDS = dict([*Kind.choices, *DayKind.choices, *PlaceKind.choices])
_WORDS: dict[str, Callable[[Any], Any]] = {
    "role": lambda value: ROLES[value].title,
    "kind": lambda value: _KINDS[value],
    "rule": lambda code: all_policies()[code].label,
    "captured_at": lambda value: formats.instant(datetime.fromisoformat(value)),
    "canteen_mode": lambda value: CanteenMode(value).label,
    "fields": lambda names: listed([str(LABELS.get(name, name)) for name in names]),
    "columns": lambda names: listed([str(LABELS.get(name, name)) for name in names]),
}
# Ids that lead nowhere for a reader; the entry's own record or another key names the same thing.
_SILENT = frozenset({"account", "into", "was", "digest", "meal", "within"})


def listed(values: list[str]) -> str:
    """Several values in one line."""
    return gettext(", ").join(values)


def words_of(key: str, value: Any) -> str:
    """One stored value."""
    if value is None or value in ("", [], {}):
        return formats.NOTHING
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if key.endswith("grams") and isinstance(value, int):
        return formats.weight(value)
    if isinstance(value, dict):
        return gettext("; ").join(f"{label} {words}" for label, words in lines_of(value))
    try:
        if key in _WORDS:
            return str(_WORDS[key](value))
        if isinstance(value, str) and len(value) == 10:
            return formats.day(date.fromisoformat(value))
    except (KeyError, ValueError):
        pass
    if isinstance(value, list):
        return listed([words_of("", one) for one in value])
    return formats.number(value) if isinstance(value, int | float) else str(value)


def lines_of(detail: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Label and words of each detail that says something."""
    policy = all_policies().get(detail.get("rule", ""))
    for key, value in detail.items():
        if key not in _SILENT and value not in ("", None, [], {}):
            words = in_words(policy.kind, value) if policy and key in {"before", "after"} else words_of(key, value)
            yield str(LABELS.get(key, key.replace("_", " "))), words
