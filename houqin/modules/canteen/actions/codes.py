"""Barcodes learnt at the door: seen once and named, known from then on."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import GoodsCode, Product
from houqin.modules.canteen.rules.codes import is_barcode

titled({"canteen.code_learnt": _("Barcode learnt")})


@verb
def learn_code(org: OrgUnit, *, by: Viewer, code: str, product: Product, pack_grams: int | None = None) -> GoodsCode:
    """Say what a barcode stands for at a unit and all below it. Said anew, the newer word holds."""
    require(by, "canteen.record", at=org)
    if product.org.path not in {org.path, *org.ancestor_paths}:
        raise NotVisible
    if not is_barcode(code):
        raise Refused(_("A barcode is a row of 8 to 14 digits."), field="code")
    values = {"product": product, "pack_grams": pack_grams}
    row: GoodsCode
    row, made = GoodsCode.objects.select_for_update(of=("self",)).get_or_create(org=org, code=code, defaults=values)
    if not made and not row.amend(values):
        return row
    record("canteen.code_learnt", product, by=by, org=org, code=code, pack_grams=pack_grams)
    return row
