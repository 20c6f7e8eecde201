"""What is asked when a visit is planned, carried out and signed."""

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.timezone import is_aware
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.rules.slips import read
from houqin.lib.notes import Unreadable
from houqin.modules.inspections.actions.answering import Given
from houqin.modules.inspections.actions.signing import Sign
from houqin.modules.inspections.asked import THOUSAND, Asked
from houqin.modules.inspections.items import Item
from houqin.modules.inspections.lists import lists_on
from houqin.modules.inspections.models import CampaignKind, Signature
from houqin.ui.screens import DayField, PhotoField, RowField, RowsField, VerbForm

DRAWN = "data:image/png;base64,"
LONGEST_DRAWING = 400_000
BETWEEN = re.compile(r"[、,，;；\n]")


def _schools(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, "inspections.visit").exclude(kind__in=OFFICES)
    return found.filter(closed_on__isnull=True).order_by("path")


def _own_schools(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, "inspections.self_check").exclude(kind__in=OFFICES)
    return found.filter(closed_on__isnull=True).order_by("path")


def _offices(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, "inspections.plan").filter(kind__in=OFFICES)
    return found.filter(closed_on__isnull=True).order_by("path")


def _inspectors(viewer: Viewer, row: Any) -> QuerySet[Account]:
    homes = OrgUnit.objects.visible_to(viewer, "inspections.plan").filter(kind__in=OFFICES)
    found: QuerySet[Account] = Account.objects.filter(is_active=True, home__in=homes)
    return found.order_by("home__path", "display_name")


class _Lists(forms.MultipleChoiceField):
    """Checklists in force on the day of the deed."""

    def __init__(self, *, own: bool = False, **options: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple(), **options)
        self.own = own

    def open(self, viewer: Viewer, row: Any) -> None:
        """Offer what is in force; to a school what it may use itself."""
        held = lists_on(viewer.today)
        self.choices = [(code, str(one)) for code, one in held.items() if one.checklist.self_check or not self.own]


def _kinds() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in CampaignKind.choices if value != CampaignKind.SELF]


class PlanVisitForm(VerbForm):
    """Which school, what, by whom and when."""

    org = RowField(_schools, label=_("School"))
    office = RowField(_offices, label=_("Inspecting unit"))
    kind = forms.ChoiceField(label=_("Kind"), choices=lazy(_kinds, list))
    lists = _Lists(label=_("Checklists"))
    planned_on = DayField(label=_("Planned for"), required=False)
    inspectors = RowsField(_inspectors, label=_("Inspectors"), required=False)

    def arguments(self) -> dict[str, Any]:
        """An unannounced visit is one of that kind."""
        given = super().arguments()
        return given | {
            "inspectors": list(given["inspectors"]), "unannounced": given["kind"] == CampaignKind.UNANNOUNCED,
        }  # fmt: skip


class SelfCheckForm(VerbForm):
    """What one's own school is looked at by."""

    org = RowField(_own_schools, label=_("School"))
    lists = _Lists(own=True, label=_("Checklists"))


class WhyForm(VerbForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


@dataclass(frozen=True)
class Sent:
    """What a phone sends of a visit."""

    answers: list[Given]
    versions: dict[str, int]
    began: datetime | None
    signs: list[Sign]
    remark: str
    signs_now: bool


MOST_VERSIONS = 100_000
EARLIEST_YEAR, LATEST_YEAR = 1999, 2200
"""What a phone's clock may say at all; how far it may be off is decided elsewhere."""


def told(data: Any, name: str) -> dict[str, Any]:
    """What a script wrote into a field of the form."""
    try:
        found = json.loads(data.get(name) or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def versions_of(data: Any) -> dict[str, int]:
    """The versions of the checklists that stood on the phone's page."""
    return {
        code: one for code, one in told(data, "versions").items() if isinstance(one, int) and 0 < one < MOST_VERSIONS
    }


class SheetForm(VerbForm):
    """The whole sheet of a visit: ``row`` is the list of what is asked. Items that this phone did not touch are not sent."""

    remark = forms.CharField(
        label=_("Remark"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    inspector = forms.CharField(label=_("Name"), max_length=60, required=False)
    school = forms.CharField(label=_("Name"), max_length=60, required=False)
    objection = forms.CharField(label=_("What the school says to it"), max_length=500, required=False)
    refused_why = forms.CharField(label=_("Would not sign because"), max_length=200, required=False)
    partners = forms.CharField(
        label=_("Who came along from other departments"), max_length=300, required=False,
        help_text=_("Department and name of each, with a comma between them."),
    )  # fmt: skip

    def is_multipart(self) -> bool:
        return True

    def clean(self) -> dict[str, Any]:
        """What cannot be read is told with the item's name."""
        given = super().clean() or {}
        self.sent = Sent(
            answers=list(self._answers()),
            versions=versions_of(self.data),
            began=self._moment(self.data.get("began", "")), signs=self._signs(given), remark=given.get("remark", ""),
            signs_now=self.data.get("then") == "sign",
        )  # fmt: skip
        return given

    def _moment(self, text: Any) -> datetime | None:
        """A moment by the phone's clock, put right by what is known of it."""
        try:
            found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
        except ValueError:
            return None
        sound = is_aware(found) and EARLIEST_YEAR < found.year < LATEST_YEAR
        return found - self.viewer.clock_off if sound else None

    def _answers(self) -> Iterator[Given]:
        times = told(self.data, "times")
        for one, item in self.pairs():
            key = f"{one.code}.{item.code}"
            if self._touched(key, times):
                yield self._given(one, item, key, self._moment(times.get(key)))

    def pairs(self) -> Iterator[tuple[Asked, Item]]:
        """Each item with its checklist."""
        for one in cast("list[Asked]", self.row):
            for item in one.items:
                yield one, item

    def _touched(self, key: str, times: dict[str, Any]) -> bool:
        if times:
            return key in times
        return bool(self.data.get(f"o:{key}") or self.data.get(f"n:{key}", "").strip())

    def _given(self, one: Asked, item: Item, key: str, at: datetime | None) -> Given:
        outcome, figure = self.data.get(f"o:{key}", ""), self.data.get(f"n:{key}", "").strip()
        level = value = None
        if item.kind == "graded" and outcome.isascii() and outcome.isdigit():
            level, outcome = int(outcome), ""
        if item.kind == "measured" and figure and outcome != "na":
            value = self._value(item, figure)
        return Given(
            one.code, item.code, outcome, level, value, self.data.get(f"w:{key}", ""), self.data.get(f"r:{key}", ""),
            on_the_spot=bool(self.data.get(f"s:{key}")), at=at, photo=self._photo(item, key),
        )  # fmt: skip

    def _value(self, item: Item, figure: str) -> int | None:
        try:
            return int(read(figure) * THOUSAND)
        except Unreadable:
            words = {"item": item.title(get_language() or ""), "figure": figure[:20]}
            self.add_error(None, _("“%(item)s”: “%(figure)s” is no figure.") % words)
            return None

    def _photo(self, item: Item, key: str) -> Any:
        try:
            return PhotoField(required=False).clean(self.files.get(f"p:{key}"))
        except ValidationError as error:
            self.add_error(None, f"{item.title(get_language() or '')}: {' '.join(error.messages)}")
            return None

    def _signs(self, given: dict[str, Any]) -> list[Sign]:
        ours = Sign(
            Signature.Side.INSPECTORS, given.get("inspector", ""), self._drawing("inspector_drawn"),
            account=Account.objects.filter(pk=self.viewer.account_id).first(),
        )  # fmt: skip
        named = dict.fromkeys(one.strip() for one in BETWEEN.split(given.get("partners", "")))
        along = [Sign(Signature.Side.PARTNERS, one) for one in named if one]
        if not given.get("school") and not self.data.get("school_drawn"):
            return [ours, *along]
        return [
            ours,
            *along,
            Sign(
                Signature.Side.SCHOOL, given.get("school", ""), self._drawing("school_drawn"),
                objection=given.get("objection", ""), refused_why=given.get("refused_why", ""),
            ),
        ]  # fmt: skip

    def _drawing(self, name: str) -> Any:
        """A signature as the phone drew it."""
        text = self.data.get(name, "")
        if not text.startswith(DRAWN) or len(text) > LONGEST_DRAWING:
            return None
        try:
            content = b64decode(text.removeprefix(DRAWN), validate=True)
        except (NotBase64, ValueError):
            return None
        return SimpleUploadedFile("signature.png", content, content_type="image/png")
