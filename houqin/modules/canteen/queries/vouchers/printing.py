"""What is printed of a period: the forms that have a number, in their order."""

from collections.abc import Iterator, Sequence

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import VoucherKind
from houqin.modules.canteen.queries.vouchers.goods import sheets_of_deliveries
from houqin.modules.canteen.queries.vouchers.kitchen import sheets_of_meals
from houqin.modules.canteen.queries.vouchers.listing import OF_DELIVERIES, Form
from houqin.modules.canteen.queries.vouchers.settlements import settlement_sheets
from houqin.modules.canteen.queries.vouchers.sheet import PaperSheet


def sheets(org: OrgUnit, viewer: Viewer, forms: Sequence[Form]) -> Iterator[PaperSheet]:
    """The contents of the numbered ones among these forms, kind by kind."""
    numbered = [form for form in forms if form.voucher]
    yield from sheets_of_deliveries(org, [form for form in numbered if form.kind in OF_DELIVERIES])
    yield from sheets_of_meals(org, [form for form in numbered if form.kind == VoucherKind.ISSUE])
    yield from settlement_sheets(org, viewer, [form for form in numbered if form.kind == VoucherKind.SETTLEMENT])
