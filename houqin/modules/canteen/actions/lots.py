"""Opening a lot in a school's store, with the subject that recalls and findings point at."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from houqin.core.orgs.models import OrgUnit
from houqin.core.subjects.models import Subject
from houqin.core.tables.inserting import insert_rows
from houqin.modules.canteen.models import Lot

LOT_KIND = "lot"


def lot_label(product: Any, batch: str, produced_on: date | None, received_on: date) -> str:
    """What a lot is called: goods without a batch by their date, without a date by the day they came."""
    return f"{product} {batch or produced_on or received_on}"


def open_lots(org: OrgUnit, marks: Sequence[Mapping[str, Any]]) -> list[Lot]:
    """New lots with nothing in them, in this order."""
    labels = [lot_label(one["product"], one["batch"], one["produced_on"], one["received_on"]) for one in marks]
    subjects = insert_rows(Subject(kind=LOT_KIND, org=org, label=label) for label in labels)
    return insert_rows(Lot(org=org, subject=subject, **one) for subject, one in zip(subjects, marks, strict=True))
