"""Toilets by the code at their doors, for whoever stands there."""

from houqin.core.places.models import Place
from houqin.modules.environment.actions.toilets import TOILET


def toilet_with(code: str) -> Place | None:
    """The toilet in use that carries this code, at a school that is open."""
    rows = Place.objects.in_use().filter(label_code=code, use=TOILET, org__closed_on=None)
    found: Place | None = rows.select_related("org").first()
    return found
