"""What places are for: rooms, appliances and equipment of which duties and ledgers speak, with their service dates."""

from pydantic import BaseModel, ConfigDict, Field

from houqin.core.catalogues.loading import Entry, area
from houqin.core.places.models import PlaceKind

AREA = "places"


class Service(BaseModel):
    """When a piece of equipment is serviced, counted in months from its making or first acceptance (FI-09…FI-21).

    ``at_months`` are the first dates, then every ``then_months``; from ``scrap_months`` on it is not used any more.
    """

    model_config = ConfigDict(extra="forbid")

    at_months: list[int] = Field(min_length=1)
    then_months: int = Field(gt=0)
    scrap_months: int | None = None


class PlaceUse(Entry):
    """A use of a place: which kind of place it is, which post answers for it unless named, and the service of equipment."""

    kind: PlaceKind
    owner: str = ""
    service: Service | None = None
    needs: list[str] = Field(default_factory=list, description="credentials without which it carries a stop-use alert")
    instead_zh: str = ""
    instead_en: str = ""


area(AREA, PlaceUse)
