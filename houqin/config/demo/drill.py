"""A recall drill of the demo town: one that ran, one that waits for its second person."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from houqin.config.demo.cast import SCHOOLS
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.modules.canteen.actions.recalls.answering import acknowledge_recall, report_found
from houqin.modules.canteen.actions.recalls.ending import close_recall
from houqin.modules.canteen.actions.recalls.launching import launch_recall
from houqin.modules.canteen.actions.recalls.proposing import propose_recall
from houqin.modules.canteen.models import Lot, Product, Recall

PRODUCTS = ("鲜猪肉", "鸡腿", "豆腐")
ANSWERING = {SCHOOLS[0].name: "keeper", SCHOOLS[1].name: "principal2"}


def _as(username: str, now: datetime) -> Viewer:
    return viewer_for(Account.objects.get(username=username), now=now)


def prepare_drill(town: OrgUnit, day: date, *, now: datetime) -> Recall:
    """Prepared by one person of the town's office; it waits for the second."""
    lots = Lot.objects.under(town.path).filter(received_on=day, product__name__in=PRODUCTS)
    lot = lots.select_related("product", "supplier").order_by("product__name", "pk").first()
    assert lot is not None
    supplier: Party = lot.supplier
    product: Product = lot.product
    return propose_recall(
        town, by=_as("town", now), supplier=supplier, product=product, produced_on=lot.produced_on,
        reason="季度演练：检验从发现问题到各校封存用多少分钟。", is_drill=True,
    )  # fmt: skip


def run_drill(town: OrgUnit, day: date, *, start: datetime) -> Recall:
    """The whole drill: prepared, launched, acknowledged and answered by every school, closed with a report."""
    recall = launch_recall(prepare_drill(town, day, now=start), by=_as("town2", start + timedelta(minutes=3)))
    for number, answer in enumerate(recall.answers.select_related("org").order_by("org__path")):
        known = start + timedelta(minutes=6 + 4 * number)
        by = _as(ANSWERING[answer.org.name], known) if answer.org.name in ANSWERING else _headmaster(known)
        known_answer = acknowledge_recall(answer, by=by)
        found = replace(by, now=known + timedelta(minutes=9))
        left = sum(lot.in_store_grams for lot in recall.lots.filter(org=answer.org))
        served = sum(lot.served_grams for lot in recall.lots.filter(org=answer.org))
        report_found(known_answer, by=found, store_grams=left, kitchen_grams=0, pot_grams=0, served_grams=served)
    ended = _as("town", start + timedelta(minutes=55))
    return close_recall(
        recall, by=ended, report="各校在 50 分钟内完成封存和排查，未发现遗漏。改进：保管员交接班时交代在库批次。"
    )


def _headmaster(now: datetime) -> Viewer:
    """The other schools have no demo account: the operator answers for them by telephone."""
    return replace(system_viewer(now=now, name="平台运维员（电话代报）"), account_id=_as("operator", now).account_id)
