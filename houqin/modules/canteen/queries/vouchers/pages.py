"""What the pages of the papers show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.lib.dates import day_or
from houqin.modules.canteen.models import Sample, Voucher, VoucherKind
from houqin.modules.canteen.queries.vouchers.listing import Form, forms_of, last_day_with_goods
from houqin.modules.canteen.rules.periods import Period, Span

MOST_OPEN = 12


@dataclass(frozen=True)
class Asked:
    """The period and the forms that an address names."""

    span: Span
    day: date
    kinds: tuple[str, ...]

    @property
    def period(self) -> Period:
        """The days meant."""
        return Period.around(self.span, self.day)


@dataclass(frozen=True)
class Section:
    """The forms of one kind."""

    kind: VoucherKind
    forms: list[Form]

    @property
    def grams(self) -> int:
        """Of all of them."""
        return sum(form.grams for form in self.forms)

    @property
    def fen(self) -> int | None:
        """Of all of them; None where the forms tell no amount."""
        told = [form.fen for form in self.forms if form.fen is not None]
        return sum(told) if told else None

    @property
    def is_open(self) -> bool:
        """Few enough to stand there at once."""
        return len(self.forms) <= MOST_OPEN


def read_asked(viewer: Viewer, given: Any) -> Asked:
    """Read ``span``, ``day`` and ``kind`` of an address; what makes no sense counts as not given."""
    span = given.get("span", "")
    day = day_or(given.get("day", ""), viewer.today)
    kinds = tuple(kind for kind in VoucherKind.values if kind in given.getlist("kind"))
    return Asked(Span(span) if span in list(Span) else Span.WEEK, day, kinds or tuple(VoucherKind.values))


def overview(org: OrgUnit, viewer: Viewer, asked: Asked) -> dict[str, Any]:
    """The forms of the period by kind, how many have no number yet, and where the last ones are when there are none."""
    forms = forms_of(org, viewer, asked.period, asked.kinds)
    open_forms = [form for form in forms if not form.voucher and form.day <= viewer.today]
    return {
        "sections": [Section(VoucherKind(kind), list(rows)) for kind, rows in groupby(forms, key=lambda form: form.kind)],
        "unnumbered": len(open_forms), "numbered": sum(1 for form in forms if form.voucher),
        "unfinished": any(form.day > viewer.today for form in forms),
        "samples": _samples(org, viewer, asked.period), "last_day": None if forms else last_day_with_goods(org, viewer, viewer.today),
    }  # fmt: skip


def _samples(org: OrgUnit, viewer: Viewer, period: Period) -> int:
    """How many samples were kept in the period; each has a label of its own."""
    rows = Sample.objects.visible_to(viewer).filter(org=org, meal__day__range=(period.first, period.last))
    return int(rows.count())


def form_named(viewer: Viewer, ref: str) -> tuple[OrgUnit, list[Form]]:
    """The one form of a voucher, with its school."""
    try:
        voucher = Voucher.objects.select_related("org").get_visible(viewer, public_id=UUID(ref))
    except ValueError:
        raise NotVisible from None
    span = Span.MONTH if voucher.kind == VoucherKind.SETTLEMENT else Span.DAY
    forms = forms_of(voucher.org, viewer, Period.around(span, voucher.day), [voucher.kind])
    return voucher.org, [form for form in forms if form.voucher and form.voucher.pk == voucher.pk]


def forms_asked(org: OrgUnit, viewer: Viewer, asked: Asked) -> list[Form]:
    """The forms of the period and kinds that an address names."""
    return forms_of(org, viewer, asked.period, asked.kinds)


def voucher_subject(row: Voucher) -> str:
    """Whose goods, or which meal."""
    about: Iterable[Any] = (row.supplier, row.meal, row.delivery and row.delivery.supplier)
    return next(str(one) for one in about if one)
