"""What the store asks of people: goods on their way, weights to put right, entries to countersign, exchanges owed."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Correction, StockEntry, Transfer
from houqin.modules.canteen.queries.entries import CORRECTED, what_is_wrong
from houqin.ui import formats
from houqin.ui.today import Bucket, TodayRow, source

RECORD, SIGN, COUNTERSIGN, VIEW = "canteen.record", "canteen.sign", "canteen.countersign", "canteen.view"
MOST = 20


@source
def coming(viewer: Viewer) -> Iterator[TodayRow]:
    """What other schools have sent and nobody here has weighed."""
    if not viewer.may_anywhere(RECORD):
        return
    rows = Transfer.objects.visible_to(viewer, RECORD).under_way()
    for sent in rows.select_related("org", "other_org", "lot__product").order_by("day", "pk")[:MOST]:
        yield TodayRow(
            what=gettext("%(goods)s from %(school)s: weigh and receive") % {
                "goods": f"{sent.lot.product} {formats.weight(sent.weight)}", "school": sent.org,
            },
            where=str(sent.other_org), until=sent.day, icon="truck-loading", button=_("Weigh and receive"),
            url=reverse("canteen:arrivals-receive-from-school", args=[sent.public_id]),
        )  # fmt: skip


@source
def to_decide(viewer: Viewer) -> Iterator[TodayRow]:
    """Corrections that somebody else has asked for."""
    if not (viewer.may_anywhere(SIGN) and viewer.may_anywhere(VIEW)):
        return
    rows = Correction.objects.visible_to(viewer, SIGN).filter(state=Correction.State.ASKED)
    rows = rows.exclude(asked_by_id=viewer.account_id).select_related("org", *CORRECTED)
    for asked in rows.order_by("asked_at")[:MOST]:
        yield TodayRow(
            what=gettext("Put right? %(what)s") % {"what": what_is_wrong(asked)}, where=asked.org.name, icon="pencil-check",
            button=_("Decide"), url=reverse("canteen:corrections-decide-correction", args=[asked.public_id]),
        )  # fmt: skip


@source
def to_countersign(viewer: Viewer) -> Iterator[TodayRow]:
    """Large entries that somebody else has made."""
    if not viewer.may_anywhere(COUNTERSIGN):
        return
    rows = StockEntry.objects.visible_to(viewer, COUNTERSIGN).to_countersign().exclude(account_id=viewer.account_id)
    for entry in rows.select_related("org", "lot__product").order_by("day", "pk")[:MOST]:
        yield TodayRow(
            what=gettext("Countersign: %(kind)s, %(goods)s") % {
                "kind": entry.get_kind_display(), "goods": f"{entry.lot.product} {formats.weight(entry.weight)}",
            },
            where=f"{entry.org.name} · {entry.reason}", icon="signature", button=_("Look and sign"),
            url=reverse("canteen:stock-entries-detail", args=[entry.public_id]),
        )  # fmt: skip


@source
def owed(viewer: Viewer) -> Iterator[TodayRow]:
    """Goods given back for exchange for which nothing has come."""
    if not viewer.may_anywhere(RECORD):
        return
    rows = StockEntry.objects.visible_to(viewer, RECORD).owed().select_related("org", "lot__product", "lot__supplier")
    for entry in rows.order_by("day", "pk")[:MOST]:
        yield TodayRow(
            what=gettext("%(supplier)s owes %(goods)s") % {
                "supplier": entry.lot.supplier, "goods": f"{entry.lot.product} {formats.weight(entry.weight)}",
            },
            where=entry.org.name, bucket=Bucket.LATER, icon="replace", button=_("Replacement has come"),
            url=reverse("canteen:stock-entries-replacement-came", args=[entry.public_id]),
        )  # fmt: skip
