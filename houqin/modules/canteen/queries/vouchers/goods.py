"""Acceptance sheet and goods-received note: what one supplier brought on a day."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.modules.canteen.models import Delivery, DeliveryLine, Lot, Origin, VoucherKind
from houqin.modules.canteen.queries.certificates import PaperKinds
from houqin.modules.canteen.queries.vouchers.listing import Form
from houqin.modules.canteen.queries.vouchers.sheet import Col, Line, PaperSheet, Shows, Signature, Table
from houqin.modules.canteen.rules.prices import priced_unit
from houqin.modules.canteen.rules.serving import degrees
from houqin.ui import formats


def sheets_of_deliveries(org: OrgUnit, forms: Sequence[Form]) -> Iterable[PaperSheet]:
    """Their forms in the order given. Six queries for any number."""
    kinds = PaperKinds(max((form.day for form in forms), default=org.opened_on))
    rows = _with_contents([form.about.pk for form in forms])
    for form in forms:
        delivery = rows[form.about.pk]
        if form.kind == VoucherKind.ACCEPTANCE:
            yield _acceptance(org, form, delivery, kinds)
        else:
            yield _receipt(org, form, delivery)


def _with_contents(keys: Iterable[int]) -> dict[int, Delivery]:
    lines = DeliveryLine.objects.select_related("lot__product").prefetch_related("certificates").order_by("pk")
    rows = Delivery.objects.select_related("supplier__root", "accepted_by", "signed_by")
    found: dict[int, Delivery] = rows.prefetch_related(
        Prefetch("lines", lines), "turned_away__product"
    ).in_bulk(list(keys))  # fmt: skip
    return found


def _acceptance(org: OrgUnit, form: Form, delivery: Delivery, kinds: PaperKinds) -> PaperSheet:
    columns = (
        Col(_("No."), 8, Shows.COUNT), Col(_("Name of goods"), 20), Col(_("Pack and quantity"), 21), Col(_("Unit of price"), 10),
        Col(_("Weight (kg)"), 16, Shows.WEIGHT), Col(_("Unit price (yuan)"), 13, Shows.PRICE),
        Col(_("Amount (yuan)"), 17, Shows.MONEY), Col(_("Produced / batch"), 21), Col(_("Best before"), 18),
        Col(_("Senses, temperature"), 13), Col(_("Certificates"), 16), Col(_("Remark"), 13),
    )  # fmt: skip
    lines = [
        Line(
            (
                number, str(line.lot.product), line.written_quantity, _unit(line), line.quantity_grams, line.unit_price,
                line.amount_fen, batch_words(line.lot), _day(line.lot), _senses(line), _certificates(line, kinds),
                _remark(line),
            ),
            struck=line.reversed_at is not None,
        )
        for number, line in enumerate(delivery.lines.all(), start=1)
    ]  # fmt: skip
    accepted = "、".join(_acceptors(delivery))
    return PaperSheet(
        kind=form.kind,
        title=_("%(school)s canteen · acceptance sheet for food") % {"school": org.name},
        number=form.voucher.number if form.voucher else "",
        facts=_facts(org, delivery),
        table=Table(columns, lines),
        others=_turned_away(delivery),
        notes=[_conclusion(delivery)],
        due_fen=sum(line.amount_fen for line in delivery.lines.all() if line.reversed_at is None),
        signatures=[
            Signature(_("Supplier's person")), Signature(_("Accepted by (two persons)"), accepted), Signature(_("Keeper")),
            Signature(_("Head of the canteen")),
        ],
        stamps=[_("Stamp of the school")],
        mark=paper_mark(form),
    )  # fmt: skip


def _receipt(org: OrgUnit, form: Form, delivery: Delivery) -> PaperSheet:
    columns = (
        Col(_("No."), 9, Shows.COUNT), Col(_("Name of goods"), 27), Col(_("Pack and quantity"), 29), Col(_("Unit of price"), 12),
        Col(_("Weight (kg)"), 19, Shows.WEIGHT), Col(_("Unit price (yuan)"), 17, Shows.PRICE),
        Col(_("Amount (yuan)"), 21, Shows.MONEY), Col(_("Produced / batch"), 26), Col(_("Remark"), 26),
    )  # fmt: skip
    lines = [
        Line(
            (
                number, str(line.lot.product), line.written_quantity, _unit(line), line.quantity_grams, line.unit_price,
                line.amount_fen, batch_words(line.lot), _remark(line),
            ),
            struck=line.reversed_at is not None,
        )
        for number, line in enumerate(delivery.lines.all(), start=1)
    ]  # fmt: skip
    table = Table(columns, lines)
    return PaperSheet(
        kind=form.kind,
        title=_("%(school)s canteen · goods-received note") % {"school": org.name},
        number=form.voucher.number if form.voucher else "",
        facts=_facts(org, delivery),
        table=table,
        due_fen=table.total(Shows.MONEY),
        signatures=[
            Signature(_("Supplier's person")), Signature(_("Keeper")), Signature(_("Head of the canteen")),
            Signature(_("Bookkeeper")),
        ],
        stamps=[_("Stamp of the school")],
        mark=paper_mark(form),
    )  # fmt: skip


def _facts(org: OrgUnit, delivery: Delivery) -> list[tuple[str, str]]:
    return [
        (_("School"), org.name), (_("Supplier"), firm_words(delivery.supplier)),
        (_("Day"), formats.day(delivery.delivered_on)), (_("Delivery"), delivery.number),
    ]  # fmt: skip


def firm_words(supplier: Party) -> str:
    """The firm under its proper name, with the name that was written where it differs."""
    firm = supplier.root
    if firm is None:
        return str(supplier)
    return _("%(firm)s (written as %(name)s)") % {"firm": firm, "name": supplier}


def paper_mark(form: Form) -> str:
    """What marks a form whose records were copied afterwards."""
    return _("Copied from a paper ledger") if form.from_paper else ""


def batch_words(lot: Lot) -> str:
    """The production date and the batch, as far as they are known."""
    day = lot.produced_on.isoformat() if lot.produced_on else ""
    return " / ".join(part for part in (day, lot.batch) if part) or _("arrived %(day)s") % {"day": lot.received_on}


def _day(lot: Lot) -> str:
    return lot.expires_on.isoformat() if lot.expires_on else ""


def _unit(line: DeliveryLine) -> str:
    return priced_unit(line.written_quantity, line.unit_price, line.quantity_grams, line.amount_fen)


def _senses(line: DeliveryLine) -> str:
    warmth = "" if line.tenths is None else f"{degrees(line.tenths)} °C"
    return " ".join(part for part in (line.senses, warmth) if part)


def _certificates(line: DeliveryLine, kinds: PaperKinds) -> str:
    shown = [" ".join(filter(None, (kinds.title(one.kind), one.number))) for one in line.certificates.all()]
    return "；".join(shown) or line.certificate_number


def _remark(line: DeliveryLine) -> str:
    told = [line.note] if line.note else []
    if line.condition:
        told.append(_("on condition: %(what)s") % {"what": line.condition})
    if line.reversed_at:
        told.append(_("taken back: %(why)s") % {"why": line.reversal_reason})
    return "；".join(told)


def _acceptors(delivery: Delivery) -> list[str]:
    """Who accepted, by the records: two accounts, or the names in the ledger."""
    if delivery.origin == Origin.LIVE:
        return [str(account) for account in (delivery.accepted_by, delivery.signed_by) if account]
    names = (name for line in delivery.lines.all() for name in line.accepted_by.replace("，", "、").split("、") if name)
    return list(dict.fromkeys(names))


def _turned_away(delivery: Delivery) -> list[Table]:
    rows = list(delivery.turned_away.all())
    if not rows:
        return []
    columns = (
        Col(_("Name of goods"), 40),
        Col(_("Weight (kg)"), 24, Shows.WEIGHT),
        Col(_("Reason"), 70),
        Col(_("What became of it"), 52),
    )
    lines = [
        Line((
            str(row.product), row.quantity_grams,
            " · ".join(filter(None, (str(row.get_why_display()), row.words))), str(row.get_outcome_display()),
        ))
        for row in rows
    ]  # fmt: skip
    return [Table(columns, lines, _("Turned away, not counted above"))]


def _conclusion(delivery: Delivery) -> str:
    """What the check came to."""
    standing = [line for line in delivery.lines.all() if line.reversed_at is None]
    conditional = sum(bool(line.condition) for line in standing)
    refused = len(delivery.turned_away.all())
    told = [ngettext("%(count)s kind accepted", "%(count)s kinds accepted", len(standing)) % {"count": len(standing)}]
    if conditional:
        told.append(_("%(count)s of them on condition") % {"count": conditional})
    if refused:
        told.append(_("%(count)s turned away") % {"count": refused})
    return _("Conclusion: %(told)s.") % {"told": formats.listed(told)}
