"""What a unit may set about inspections."""

from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import Policy, declare, standing
from houqin.core.policies.rules import Kind
from houqin.modules.inspections.drawing import FEWEST
from houqin.modules.inspections.lots import Lots

PER_VISIT = "inspections.per_visit"
LOTS = {
    name: f"inspections.lots_{name}"
    for name in ("floor", "month", "finding", "overdue", "missed", "complaint", "most", "within")
}

declare(
    Policy(PER_VISIT, _("So many inspectors are drawn for a visit"), Kind.COUNT, FEWEST, "more"),
    Policy(LOTS["floor"], _("Lots of every school in a draw"), Kind.COUNT, Lots.floor),
    Policy(LOTS["month"], _("Lots for each month without an inspection"), Kind.COUNT, Lots.month),
    Policy(LOTS["finding"], _("Lots for each finding of the past year that others made"), Kind.COUNT, Lots.finding),
    Policy(LOTS["overdue"], _("Lots for each finding that is overdue"), Kind.COUNT, Lots.overdue),
    Policy(LOTS["missed"], _("Lots for each duty missed in the past 30 days"), Kind.COUNT, Lots.missed),
    Policy(LOTS["complaint"], _("Lots for each complaint of the past year that reached others"), Kind.COUNT, Lots.complaint),
    Policy(LOTS["most"], _("Most lots of one school in a draw"), Kind.COUNT, Lots.most),
    Policy(LOTS["within"], _("Schools without an inspection for so many months are drawn first"), Kind.COUNT, Lots.within, "less"),
)  # fmt: skip


def lots_at(org: OrgUnit) -> tuple[Lots, int]:
    """What holds at an office: the lots, and how many inspectors go together. One query."""
    held = standing([*LOTS.values(), PER_VISIT], [org])[org.pk]
    lots = Lots(**{name: int(held[code].value) for name, code in LOTS.items()})
    return lots, max(int(held[PER_VISIT].value), FEWEST)
