"""索证索票: papers that suppliers showed, and how long they hold."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.forms.certificates import CertificateForm, record_new_certificate
from houqin.modules.canteen.models import Certificate
from houqin.modules.canteen.queries import certificates
from houqin.modules.canteen.queries.certificates import Holds
from houqin.ui.screens import (
    Action,
    Badge,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Photo,
    Rows,
    Screen,
    Timeline,
    Weight,
)

HOLDS = Badge(
    "holds", _("State"), value=lambda row: Holds(row.holds).label,
    tone=lambda row: {Holds.EXPIRED: "danger", Holds.SOON: "soon", Holds.VALID: "passed"}.get(row.holds, "plain"),
)  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    kinds = certificates.PaperKinds(timezone.localdate())
    return [(code, kinds.title(code)) for code in kinds.kinds]


class CertificateScreen(Screen):
    """Papers by supplier."""

    model = Certificate
    slug = "certificates"
    title = _("Certificates")
    family = Family.SAFE
    icon = "certificate"
    order = 75
    sort = "-recorded_at"
    columns = [
        Column("kind_title", _("Paper"), card="title"),
        Link("supplier", sort="supplier__name", card="fact"),
        Column("number", sort=True),
        Day("valid_until", sort=True, card="fact"),
        Column("product", sort="product__name"),
        Link("org", sort="org__path"),
        HOLDS,
    ]
    filters = {
        "kind": df.ChoiceFilter(field_name="kind", label=_("Paper"), choices=_kinds),
        "supplier": "choice",
        "valid_until": "range",
        "org": "choice",
    }
    search = ["number", "supplier__name", "product__name"]
    views = {
        "soon": (_("Expires soon"), Q(holds=Holds.SOON)),
        "expired": (_("Expired"), Q(holds=Holds.EXPIRED)),
        "valid": (_("Carried over"), Q(holds__in=[Holds.VALID, Holds.SOON])),
        "newest": (_("Newest of each"), Q(is_newest=True)),
    }
    empty = _(
        "Licences, quarantine certificates and test reports will stand here, from the door or recorded beforehand."
    )
    create = Action(
        verb=record_new_certificate, name="new", label=_("Record a certificate"), permission="canteen.record",
        form=CertificateForm, icon="plus", offline=True,
    )  # fmt: skip
    panels = [
        Facts([
            Column("kind_title", _("Paper")), Link("supplier"), "number", Day("valid_until"), Column("product"), Link("org"),
            Instant("recorded_at"), Column("account"), Photo("photo", _("Photo")),
        ]),
        Rows(
            "lines",
            [Column("lot", _("Goods")), Day("delivered_on"), Link("delivery"), Weight("quantity_grams")],
            title=_("Shown for"), limit=30, empty=_("Not yet needed by a delivery."),
        ),
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return certificates.recorded(viewer)

    @classmethod
    def name_of(cls, row: Any, look: Any) -> str:
        """What it is, not its number."""
        return str(row.kind_title)


urlpatterns = CertificateScreen.urls()
