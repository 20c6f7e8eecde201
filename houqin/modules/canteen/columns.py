"""Columns that several of the canteen's screens show."""

from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.models import Origin
from houqin.modules.canteen.queries import ledgers
from houqin.ui.screens import Badge, Column

ORIGIN = Badge("origin", tones={Origin.PAPER: "info", Origin.LIVE: "plain"}, card="no")
WARNED = Column(
    "warnings", _("Warnings"), value=lambda row: "；".join(ledgers.warning_sentences(row.warnings)), card="no"
)  # fmt: skip
