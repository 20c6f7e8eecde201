"""What the door of the store asks of people: second signatures, and papers that were promised."""

from collections.abc import Iterator
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import DeliveryLine
from houqin.modules.canteen.queries.signing import SIGN, own_unsigned, to_sign
from houqin.ui.today import TodayRow, source

RECORD = "canteen.record"
MOST = 20
LINES = 100


@source
def to_be_signed(viewer: Viewer) -> Iterator[TodayRow]:
    """Deliveries that others accepted and this viewer may sign."""
    if not viewer.may_anywhere(SIGN):
        return
    waiting = list(to_sign(viewer).select_related("org", "supplier")[: MOST + 1])
    if not waiting:
        return
    first = waiting[0]
    what = ngettext(
        "%(count)s delivery waits for your signature", "%(count)s deliveries wait for your signature", len(waiting)
    ) % {"count": len(waiting) if len(waiting) <= MOST else f"{MOST}+"}  # fmt: skip
    alone = len(waiting) == 1
    yield TodayRow(
        what=what, where=f"{first.org.name} · {first.supplier}", icon="signature", button=_("Look and sign"),
        url=reverse("canteen:to-sign-detail", args=[first.public_id]) if alone else reverse("canteen:to-sign") + "?view=waiting",
    )  # fmt: skip


@source
def own_waiting(viewer: Viewer) -> Iterator[TodayRow]:
    """Deliveries that this viewer accepted, for which a second person has to be found."""
    if not viewer.may_anywhere(SIGN):
        return
    for delivery in own_unsigned(viewer).select_related("org", "supplier")[:MOST]:
        yield TodayRow(
            what=gettext("%(supplier)s: find a second person to sign") % {"supplier": delivery.supplier},
            where=f"{delivery.org.name} · {delivery.number}", until=delivery.delivered_on, icon="signature",
            button=_("By PIN here"), url=reverse("canteen:to-sign-sign-by-pin", args=[delivery.public_id]),
        )  # fmt: skip


@source
def promised(viewer: Viewer) -> Iterator[TodayRow]:
    """Goods accepted on condition, a row a delivery, until what was missing has come. An office has its lists."""
    if not (viewer.may_anywhere(RECORD) and viewer.may_anywhere(SIGN)):
        return
    lines = (
        DeliveryLine.objects.visible_to(viewer, SIGN).on_condition().select_related("delivery", "org", "lot__supplier")
    )
    lines = lines.select_related("lot__product").order_by("condition_due_on", "delivery_id", "pk")[:LINES]
    for _delivery, group in groupby(lines, key=lambda line: line.delivery_id):
        waiting = list(group)
        first, alone = waiting[0], len(waiting) == 1
        told = ngettext("%(goods)s: papers missing", "%(goods)s and others: papers missing", len(waiting))
        one = reverse("canteen:delivery-lines-meet-condition", args=[first.public_id])
        several = f"{reverse('canteen:delivery-lines')}?view=condition&q={first.delivery.number}"
        yield TodayRow(
            what=told % {"goods": first.lot.product}, where=f"{first.org.name} · {first.lot.supplier} · {first.condition}",
            until=first.condition_due_on, icon="file-alert", button=_("Hand it in"), url=one if alone else several,
        )  # fmt: skip
