"""Month totals by supplier, of one school or of all below a unit: a sentence, a picture, a table."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.queries.vouchers.accounts import Account, accounts
from houqin.modules.canteen.rules.periods import Period
from houqin.ui import formats

MOST_BARS = 15


def month_board(viewer: Viewer, inside: Q, under: str, month: Period) -> dict[str, Any]:
    """Everything the board shows; the suppliers with the largest amounts first."""
    rows = sorted(accounts(viewer, inside, month), key=lambda row: -row.due_fen)
    return {
        "rows": [(row, _url(row, under, month)) for row in rows], "sentence": _sentence(rows, month),
        "total": _Totals(rows), "chart": _chart(rows[:MOST_BARS]) if rows else None,
        "height": 60 + 34 * min(len(rows), MOST_BARS),
    }  # fmt: skip


class _Totals:
    """The last row of the table."""

    def __init__(self, rows: Sequence[Account]) -> None:
        self.deliveries = sum(row.deliveries for row in rows)
        self.grams, self.fen = sum(row.grams for row in rows), sum(row.fen for row in rows)
        self.back_grams, self.back_fen = sum(row.back_grams for row in rows), sum(row.back_fen for row in rows)
        self.turned_away_grams = sum(row.turned_away_grams for row in rows)
        self.due_fen = self.fen - self.back_fen


def _sentence(rows: Sequence[Account], month: Period) -> str:
    if not rows:
        return _("%(month)s: nothing was delivered.") % {"month": f"{month.first:%Y-%m}"}
    text = ngettext(
        "%(month)s: %(count)s supplier brought %(weight)s for %(amount)s.",
        "%(month)s: %(count)s suppliers brought %(weight)s for %(amount)s.",
        len(rows),
    )
    total = _Totals(rows)
    told = text % {
        "month": f"{month.first:%Y-%m}", "count": len(rows), "weight": formats.weight(total.grams),
        "amount": formats.yuan(total.fen),
    }  # fmt: skip
    if not total.back_grams:
        return told
    back = _("%(weight)s for %(amount)s went back.") % {
        "weight": formats.weight(total.back_grams), "amount": formats.yuan(total.back_fen),
    }  # fmt: skip
    return f"{told} {back}"


def _chart(rows: Sequence[Account]) -> dict[str, Any]:
    """Yuan owed, one bar a supplier, the largest above."""
    shown = list(reversed(rows))
    return {
        "grid": {"left": 190, "right": 90, "top": 8, "bottom": 36},
        "xAxis": {"type": "value", "name": _("yuan"), "nameLocation": "middle", "nameGap": 24, "min": 0},
        "yAxis": {
            "type": "category", "data": [str(row.supplier) for row in shown],
            "axisLabel": {"width": 176, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar", "data": [row.due_fen / 100 for row in shown], "barMaxWidth": 24,
                "label": {"show": True, "position": "right"},
            }
        ],
    }  # fmt: skip


def _url(row: Account, under: str, month: Period) -> str:
    days = {"delivered_on_min": month.first.isoformat(), "delivered_on_max": month.last.isoformat()}
    scope = {"under": under} if under else {}
    return f"{reverse('canteen:deliveries')}?{urlencode({**scope, 'supplier': row.supplier.pk, **days})}"
