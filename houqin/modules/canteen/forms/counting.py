"""盘点: one line a lot, all on one page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.deeds import Counted
from houqin.modules.canteen.models import Lot
from houqin.modules.canteen.queries.entries import to_count
from houqin.ui.screens import VerbForm, WeightField


@dataclass(frozen=True)
class CountLine:
    """A lot with its entries: it agrees, or the weight found and why."""

    lot: Lot
    agrees: BoundField
    found: BoundField
    reason: BoundField

    @property
    def made(self) -> date:
        """How a lot without a batch is told from others: when it was produced, else when it came."""
        return self.lot.produced_on or self.lot.received_on

    @property
    def is_ticked(self) -> bool:
        """Ticked, and the books still say what was ticked."""
        return bool(self.agrees.value() == str(self.lot.on_hand_grams))


class CountForm(VerbForm):
    """A store's lots. What is neither ticked nor weighed was not counted; a tick carries what the books said."""

    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args: Any, org: OrgUnit, viewer: Viewer) -> None:
        self.org, self.lots = org, to_count(viewer, org)
        super().__init__(*args, viewer=viewer)

    def setup(self) -> None:
        for lot in (*self.lots["there"], *self.lots["gone"]):
            self.fields[f"agrees-{lot.pk}"] = forms.IntegerField(required=False, label=_("Agrees"))
            self.fields[f"booked-{lot.pk}"] = forms.IntegerField(required=False)
            self.fields[f"found-{lot.pk}"] = WeightField(required=False, label=_("Weight found"))
            self.fields[f"reason-{lot.pk}"] = forms.CharField(required=False, max_length=200, label=_("Reason"))

    def _lines_of(self, held: str) -> Iterator[CountLine]:
        """The lots of one part of the page."""
        for lot in self.lots[held]:
            yield CountLine(lot, self[f"agrees-{lot.pk}"], self[f"found-{lot.pk}"], self[f"reason-{lot.pk}"])

    @property
    def there(self) -> list[CountLine]:
        """What should be in store."""
        return list(self._lines_of("there"))

    @property
    def gone(self) -> list[CountLine]:
        """What the books say is used up."""
        return list(self._lines_of("gone"))

    @property
    def counted(self) -> list[Counted]:
        """What was counted: a weight typed counts more than a tick."""
        found = []
        for lot in (*self.lots["there"], *self.lots["gone"]):
            typed, booked = self.cleaned_data[f"found-{lot.pk}"], self.cleaned_data[f"booked-{lot.pk}"]
            ticked = self.cleaned_data[f"agrees-{lot.pk}"]
            if typed is not None:
                found.append(Counted(lot, typed, self.cleaned_data[f"reason-{lot.pk}"], booked))
            elif ticked is not None:
                found.append(Counted(lot, ticked, "", ticked))
        return found
