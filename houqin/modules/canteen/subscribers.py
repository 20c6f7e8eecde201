"""What follows in the canteen from what happens on the floors below."""

from houqin.core.events.bus import on
from houqin.core.events.models import Event
from houqin.core.scope.viewer import system_viewer
from houqin.flows.cases.models import Case
from houqin.modules.canteen import incident_kind
from houqin.modules.canteen.actions.rederiving import rederive_lots
from houqin.modules.canteen.incident_notices import FIRST_REPORT, tell_late
from houqin.modules.canteen.models import Product
from houqin.modules.canteen.queries.store import schools_keeping


@on("merging.merged", mode="inline")
@on("merging.undone", mode="inline")
def names_of_a_product_changed(event: Event) -> None:
    """Two names became one product, or one became two: which lots the paper issues came from follows anew."""
    if event.payload["kind"] != "canteen.product":
        return
    rows = Product.objects.filter(pk__in=[event.payload["kept"], event.payload["duplicate"]])
    groups = {row.canonical_id for row in rows}
    names = Product.objects.filter(pk__in=groups) | Product.objects.filter(root_id__in=groups)
    schools = schools_keeping(product_ids=set(names.values_list("pk", flat=True)))
    rederive_lots(schools, groups, by=system_viewer(now=event.at))


@on("cases.step_late", mode="inline")
def first_report_is_late(event: Event) -> None:
    """The offices above hear of it at once."""
    if event.payload["code"] == FIRST_REPORT:
        case = Case.objects.select_related("org").get(pk=event.payload["case"], kind=incident_kind.KIND)
        tell_late(case, by=system_viewer(now=event.at))
