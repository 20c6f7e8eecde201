"""The sample town, ledger by ledger, gives its truth."""

from datetime import UTC, date, datetime

from django.db.models import Sum

from houqin.core.scope.viewer import system_viewer
from houqin.modules.canteen.actions.paper import record_from_paper
from houqin.modules.canteen.models import DeliveryLine
from houqin.modules.canteen.queries.paper import check_paper
from houqin.modules.canteen.queries.previews import preview_recall
from houqin.modules.canteen.tests.ledger import check_balances
from houqin.modules.canteen.tests.town import open_schools, read_town, truth
from tests.world import World


def test_the_town_gives_its_truth(world: World) -> None:
    expected = truth()
    by = system_viewer(now=datetime(2024, 5, 1, tzinfo=UTC))
    book = read_town(world.town, open_schools(world.town))
    assert check_paper(world.town, by=by, book=book).problems == ()
    done = record_from_paper(world.town, by=by, book=book)
    assert len(done.lines) == expected["deliveries"]
    sums = DeliveryLine.objects.order_by().values_list("lot__product__name").annotate(grams=Sum("quantity_grams"))
    assert {name: grams / 1000 for name, grams in sums} == expected["kg"]
    assert DeliveryLine.objects.aggregate(fen=Sum("amount_fen"))["fen"] == round(expected["amount"] * 100)
    check_balances()
    asked = expected["recall"]
    for supplier in (asked["supplier"], "宏发生鲜"):
        found = preview_recall(
            by, supplier=supplier, product=asked["product"], produced=date.fromisoformat(asked["produced"]), under=world.town
        )  # fmt: skip
        assert {key: found[key] for key in asked} == asked
        assert found["estimated"]
