"""Columns that several of the canteen's screens show."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.models import DeliveryLine, Origin
from houqin.modules.canteen.queries import ledgers
from houqin.modules.canteen.rules.acceptance import degrees
from houqin.ui.screens import Badge, Column

ORIGIN = Badge("origin", tones={Origin.PAPER: "info", Origin.LIVE: "plain"}, card="no")
WARNED = Column(
    "warnings", _("Warnings"), value=lambda row: "；".join(ledgers.warning_sentences(row.warnings)), card="no"
)  # fmt: skip
STANDING_LINE = Badge(
    "standing", _("State"), value=lambda row: _line_state(row)[0], tone=lambda row: _line_state(row)[1]
)  # fmt: skip
FOUND = Column("found", _("Found at the door"), value=lambda row: "；".join(map(str, _found(row))), card="no")


def _found(line: DeliveryLine) -> Iterator[Any]:
    """What there is to say about a line besides its weight."""
    if line.tenths is not None:
        yield f"{degrees(line.tenths)} °C"
    if line.senses:
        yield line.senses
    if line.condition:
        yield gettext("missing: %(papers)s") % {"papers": line.condition}
    yield from ledgers.warning_sentences(line.warnings)


def _line_state(line: DeliveryLine) -> tuple[Any, str]:
    if line.reversed_at:
        return _("Reversed"), "quiet"
    if not line.condition:
        return "", "plain"
    return (_("Condition met"), "passed") if line.condition_met_at else (_("On condition"), "soon")
