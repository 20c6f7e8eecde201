"""Claim: who had the bad batch is answered within a second, query and page, over a term in seven schools."""

from datetime import date
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from benchmarks.timing import milliseconds
from houqin.config import demo
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import system_viewer
from houqin.modules.canteen.models import Lot, StockMove
from houqin.modules.canteen.queries.previews import preview_recall


def run(shared: Path) -> dict[str, Any]:
    """Median and 95th percentile of the preview and of the trace page."""
    demo.load(today=date(2026, 11, 20))
    lot = (
        Lot.objects.filter(product__name="鸡腿")
        .order_by("-received_on", "pk")
        .select_related("product", "supplier")
        .first()
    )
    assert lot is not None
    assert lot.produced_on is not None
    town = OrgUnit.objects.get(name="青石镇")
    client = Client()
    client.force_login(
        Account.objects.get(username="town"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    asked = {"supplier": lot.supplier.name, "product": lot.product.name, "produced": lot.produced_on}
    url = f"{reverse('canteen:trace')}?lot={lot.public_id}"
    found = {
        "moves": StockMove.objects.count(),
        "preview": milliseconds(lambda: preview_recall(system_viewer(), under=town, **asked)),
        "trace page": milliseconds(lambda: client.get(url)),
        "overview of the town": milliseconds(lambda: client.get(reverse("insight:overview"))),
    }
    demo.remove()
    return found
