"""Opening a lot in a school's store, with the subject that recalls and findings point at."""

from datetime import date
from typing import Any

from houqin.core.orgs.models import OrgUnit
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.models import Lot

LOT_KIND = "lot"


def lot_label(product: Any, batch: str, produced_on: date | None, received_on: date) -> str:
    """What a lot is called: goods without a batch by their date, without a date by the day they came."""
    return f"{product} {batch or produced_on or received_on}"


def open_lot(org: OrgUnit, **marks: Any) -> Lot:
    """A new lot with nothing in it."""
    label = lot_label(marks["product"], marks["batch"], marks["produced_on"], marks["received_on"])
    made: Lot = Lot.objects.create(
        org=org, subject=Subject.objects.create(kind=LOT_KIND, org=org, label=label), **marks
    )
    return made
