"""Numbers of the forms that are printed and signed."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.moving import BATCH, lock_schools
from houqin.modules.canteen.models import Delivery, Meal, Voucher, VoucherKind
from houqin.modules.canteen.queries.vouchers.listing import Form, forms_of
from houqin.modules.canteen.rules.periods import Period

titled({"canteen.papers_numbered": _("Forms numbered")})
PREFIX = {
    VoucherKind.ACCEPTANCE: "YS", VoucherKind.RECEIPT: "RK", VoucherKind.ISSUE: "CK", VoucherKind.SETTLEMENT: "JS",
}  # fmt: skip
MOST_DAYS = 400


@verb
def number_vouchers(
    org: OrgUnit, *, by: Viewer, first: date, last: date, kinds: Collection[str] = tuple(VoucherKind)
) -> list[Voucher]:
    """Give each form of the period its number, once and for ever; answers the vouchers that are new.

    A month is settled on its last day or after, so that the number stands for all of it.
    """
    require(by, "canteen.record", at=org)
    _check(org, by, first, last, kinds)
    lock_schools([org.pk])
    forms = [form for form in forms_of(org, by, Period(first, last), kinds) if not form.voucher and _is_over(form, by)]
    fresh = _vouchers(org, by, forms)
    Voucher.objects.bulk_create(fresh, batch_size=BATCH)
    if fresh:
        record(
            "canteen.papers_numbered", org, by=by, org=org, first=first, last=last,
            numbers=[row.number for row in fresh],
        )  # fmt: skip
    return fresh


def _check(org: OrgUnit, by: Viewer, first: date, last: date, kinds: Collection[str]) -> None:
    if org.kind not in (Kind.SCHOOL, Kind.CAMPUS):
        raise Refused(_("Forms are those of one school. Choose the school first."))
    if not set(kinds) <= set(VoucherKind.values) or not kinds:
        raise Refused(_("Choose the forms."), field="kinds")
    if last < first:
        raise Refused(_("The last day comes after the first."), field="last")
    if (last - first).days > MOST_DAYS:
        raise Refused(_("Take a year at most at a time."), field="last")
    if first > by.today:
        raise Refused(_("These days are still to come. Forms are numbered when the goods are there."), field="first")


def _is_over(form: Form, by: Viewer) -> bool:
    return form.day <= by.today


def _vouchers(org: OrgUnit, by: Viewer, forms: Collection[Form]) -> list[Voucher]:
    last = _last_numbers(org, {form.day for form in forms})
    fresh = []
    for form in forms:
        start = f"{PREFIX[form.kind]}-{form.day:%Y%m%d}"
        last[start] += 1
        about = form.about
        fresh.append(
            Voucher(
                org=org,
                kind=form.kind,
                number=f"{start}-{last[start]:04d}",
                day=form.day,
                delivery=about if isinstance(about, Delivery) else None,
                meal=about if isinstance(about, Meal) else None,
                supplier=None if isinstance(about, Delivery | Meal) else about,
                made_at=by.now,
                account_id=by.account_id,
            )
        )
    return fresh


def _last_numbers(org: OrgUnit, days: Collection[date]) -> dict[str, int]:
    """The last running number of each kind and day."""
    found: dict[str, int] = defaultdict(int)
    for number in Voucher.objects.filter(org=org, day__in=days).values_list("number", flat=True):
        start, _dash, count = number.rpartition("-")
        found[start] = max(found[start], int(count))
    return found
