"""Monthly settlement: what one supplier brought and took back in a month, and what it is owed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Delivery, DeliveryLine, Origin, TurnedAway, Voucher, VoucherKind
from houqin.modules.canteen.queries.vouchers.accounts import Account, accounts
from houqin.modules.canteen.queries.vouchers.listing import Form
from houqin.modules.canteen.queries.vouchers.sheet import Col, Line, PaperSheet, Shows, Signature, Table
from houqin.modules.canteen.rules.periods import Period, Span
from houqin.ui import formats


class _Month:
    """One month of a school, by supplier."""

    def __init__(self, org: OrgUnit, viewer: Viewer, month: Period) -> None:
        days = (month.first, month.last)
        self.month = month
        self.accounts = {row.supplier.pk: row for row in accounts(viewer, Q(org=org), month)}
        self.lines: dict[int, dict[Delivery, list[DeliveryLine]]] = defaultdict(lambda: defaultdict(list))
        rows = DeliveryLine.objects.standing().filter(org=org, delivered_on__range=days)
        for line in rows.select_related("delivery__supplier", "lot__product").order_by(
            "delivered_on", "delivery", "pk"
        ):
            self.lines[line.delivery.supplier.canonical_id][line.delivery].append(line)
        self.refused: dict[int, list[TurnedAway]] = defaultdict(list)
        away = TurnedAway.objects.filter(org=org, refused_on__range=days)
        for row in away.select_related("delivery__supplier", "product").order_by("refused_on", "pk"):
            self.refused[row.delivery.supplier.canonical_id].append(row)
        numbered = Voucher.objects.filter(org=org, kind=VoucherKind.ACCEPTANCE, day__range=days)
        self.numbers: dict[Any, str] = dict(numbered.values_list("delivery", "number"))


def settlement_sheets(org: OrgUnit, viewer: Viewer, forms: Sequence[Form]) -> Iterable[PaperSheet]:
    """Their forms in the order given. Ten queries a month."""
    months: dict[Any, _Month] = {}
    for form in forms:
        if form.day not in months:
            months[form.day] = _Month(org, viewer, Period.around(Span.MONTH, form.day))
        yield _sheet(org, form, months[form.day])


def _sheet(org: OrgUnit, form: Form, found: _Month) -> PaperSheet:
    firm = form.about
    account = found.accounts.get(firm.pk) or Account(firm)  # type: ignore[arg-type]
    brought = found.lines[firm.pk]
    table = _brought(brought, found.numbers)
    others = [part for part in (_back(account), _refused(found.refused[firm.pk])) if part.lines]
    copied = any(delivery.origin == Origin.PAPER for delivery in brought)
    return PaperSheet(
        kind=form.kind,
        title=_("%(school)s canteen · monthly settlement") % {"school": org.name},
        number=form.voucher.number if form.voucher else "",
        facts=[
            (_("School"), org.name), (_("Supplier"), str(firm)),
            (_("Period"), f"{found.month.first.isoformat()} – {found.month.last.isoformat()}"),
        ],
        table=table,
        others=others,
        notes=[_sum_in_words(account)] if account.back else [],
        due_fen=account.due_fen,
        signatures=[
            Signature(_("Supplier's person")), Signature(_("Keeper")), Signature(_("Bookkeeper")),
            Signature(_("Head of the school")),
        ],
        stamps=[_("Stamp of the supplier"), _("Stamp of the school")],
        mark=_("Copied from a paper ledger, in part or whole") if copied else "",
    )  # fmt: skip


def _brought(deliveries: dict[Delivery, list[DeliveryLine]], numbers: dict[Any, str]) -> Table:
    columns = (
        Col(_("No."), 9, Shows.COUNT), Col(_("Day"), 22), Col(_("Sheet number"), 35), Col(_("Goods (kg)"), 76),
        Col(_("Weight (kg)"), 20, Shows.WEIGHT), Col(_("Amount (yuan)"), 24, Shows.MONEY),
    )  # fmt: skip
    lines = [
        Line(
            (
                number, delivery.delivered_on.isoformat(), numbers.get(delivery.pk, delivery.number), _goods(lines),
                sum(line.quantity_grams for line in lines), sum(line.amount_fen for line in lines),
            )
        )
        for number, (delivery, lines) in enumerate(deliveries.items(), start=1)
    ]  # fmt: skip
    return Table(columns, lines)


def _goods(lines: Iterable[DeliveryLine]) -> str:
    grams: dict[str, int] = defaultdict(int)
    for line in lines:
        grams[str(line.lot.product)] += line.quantity_grams
    return "、".join(f"{name} {formats.kilograms(weight)}" for name, weight in grams.items())


def _back(account: Account) -> Table:
    columns = (
        Col(_("Day"), 22), Col(_("Number"), 35), Col(_("Name of goods"), 30), Col(_("Reason"), 55),
        Col(_("Weight (kg)"), 20, Shows.WEIGHT), Col(_("Amount (yuan)"), 24, Shows.MONEY),
    )  # fmt: skip
    lines = [
        Line((
            entry.day.isoformat(), entry.number, str(entry.lot.product),
            f"{entry.get_kind_display()} · {entry.reason}", entry.weight, fen,
        ))
        for entry, fen in account.back
    ]  # fmt: skip
    return Table(columns, lines, _("Returned and exchanged, taken off"))


def _refused(rows: Iterable[TurnedAway]) -> Table:
    columns = (
        Col(_("Day"), 22), Col(_("Name of goods"), 40), Col(_("Weight (kg)"), 20, Shows.WEIGHT), Col(_("Reason"), 60),
        Col(_("What became of it"), 44),
    )  # fmt: skip
    lines = [
        Line((
            row.refused_on.isoformat(), str(row.product), row.quantity_grams,
            " · ".join(filter(None, (str(row.get_why_display()), row.words))), str(row.get_outcome_display()),
        ))
        for row in rows
    ]  # fmt: skip
    return Table(columns, lines, _("Turned away, not counted"))


def _sum_in_words(account: Account) -> str:
    return _("Brought %(brought)s, taken off %(back)s, owed %(due)s.") % {
        "brought": formats.yuan(account.fen), "back": formats.yuan(account.back_fen), "due": formats.yuan(account.due_fen),
    }  # fmt: skip
