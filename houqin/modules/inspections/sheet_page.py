"""What the page of a visit shows: every item with its buttons, what was answered, and what was found there before."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.actions.answering import may_be_put_right_at_once
from houqin.modules.inspections.asked import THOUSAND, Asked, Before, found_before, topic_of
from houqin.modules.inspections.items import Item
from houqin.modules.inspections.models import Answer, Visit

LEVELS = {
    2: [_("Poor"), _("Rather good")],
    3: [_("Poor"), _("Fair"), _("Rather good")],
    4: [_("Poor"), _("Fair"), _("Rather good"), _("Excellent")],
}


@dataclass(frozen=True)
class Shown:
    """One item on the page: ``chosen`` is what is ticked, ``told`` what the script needs to know."""

    number: int
    key: str
    item: Item
    words: str
    how: str
    good: str
    why_photo: str
    choices: list[tuple[str, Any]]
    chosen: str
    figure: str
    place: str
    remark: str
    on_the_spot: bool
    before: str
    may_at_once: bool
    usual: bool
    photos: int
    told: str


@dataclass(frozen=True)
class Part:
    """A section of a checklist."""

    title: str
    checklist: str
    items: list[Shown]

    @property
    def has_usual(self) -> bool:
        """Whether one tap may say of more than one item that it is in order."""
        return sum(one.usual for one in self.items) > 1


def parts_of(visit: Visit, asked: Sequence[Asked], viewer: Viewer, sent: Any = None) -> list[Part]:
    """Every section with its items; what was ``sent`` and refused stands there again."""
    language = get_language() or ""
    rows = visit.answers.prefetch_related("photos") if visit.pk else []
    standing = {(one.checklist, one.item): one for one in rows}
    before = found_before(visit.org, asked, viewer.today)
    parts, number = [], 0
    for one in asked:
        for section, items in one.sections:
            shown = []
            for item in items:
                number += 1
                found = before.get(topic_of(one.code, item.code))
                shown.append(_shown(number, one, item, standing.get((one.code, item.code)), found, sent))
            parts.append(Part(section.title(language), str(one) if len(asked) > 1 else "", shown))
    return parts


def _shown(number: int, one: Asked, item: Item, answer: Answer | None, before: Before | None, sent: Any) -> Shown:
    language, key = get_language() or "", f"{one.code}.{item.code}"
    stands: dict[str, Any] = {
        "o": _chosen(item, answer), "n": _figure(item, answer), "w": answer.place if answer else "",
        "r": answer.remark if answer else "", "s": answer.on_the_spot if answer else False,
    }  # fmt: skip
    if sent is not None:
        stands = {name: sent.get(f"{name}:{key}", "") for name in stands}
    photo = item.photo
    why = (photo.why_zh if language.startswith("zh") else photo.why_en) if photo else ""
    always = bool(photo and photo.when == "always")
    return Shown(
        number, key, item, item.title(language), item.how(language), item.good(language), why, _choices(item),
        stands["o"], stands["n"], stands["w"], stands["r"], bool(stands["s"]), _again(before),
        may_be_put_right_at_once(item), item.kind == "yes_no" and not item.red_line and not always,
        len(answer.photos.all()) if answer else 0, _told(item),
    )  # fmt: skip


def _choices(item: Item) -> list[tuple[str, Any]]:
    if item.kind == "graded":
        names = LEVELS.get(item.levels)
        found: list[tuple[str, Any]] = [
            (str(level), names[level] if names else level) for level in reversed(range(item.levels))
        ]
    elif item.kind == "yes_no":
        found = [("ok", _("In order")), ("failed", _("Not in order"))]
    else:
        found = []
    return [*found, ("na", _("Does not apply"))] if item.may_not_apply else found


def _chosen(item: Item, answer: Answer | None) -> str:
    if answer is None or (item.kind == "measured" and answer.outcome != Answer.Outcome.NOT_APPLICABLE):
        return ""
    return str(answer.level) if answer.level is not None else answer.outcome


def _figure(item: Item, answer: Answer | None) -> str:
    if answer is None or answer.value_thousandths is None:
        return ""
    return f"{answer.value_thousandths / THOUSAND:.{item.decimals}f}"


def _again(before: Before | None) -> str:
    """ "Third time since March": what another failure here would be."""
    if before is None:
        return ""
    words = {"count": before.times, "month": f"{before.since:%Y-%m}", "next": before.times + 1}
    return (
        ngettext(
            "Found once before, in %(month)s: this would be time %(next)s",
            "Found %(count)s times since %(month)s: this would be time %(next)s",
            before.times,
        )
        % words
    )


def _told(item: Item) -> str:
    """What the script needs: kind, weight, limits, when a photo is asked for."""
    limits = [
        {"min": None if one.min is None else float(one.min), "max": None if one.max is None else float(one.max)}
        for one in item.limits
        if not one.when
    ]
    return json.dumps(
        {
            "kind": item.kind, "weight": item.weight, "levels": item.levels, "red": item.red_line, "limits": limits,
            "unit": item.unit, "decimals": item.decimals, "photo": item.photo.when if item.photo else "",
            "plausible": [float(one) for one in item.plausible] if item.plausible else None,
        }
    )  # fmt: skip
