"""What the canteen asks of people today, a file a subject."""

from houqin.modules.canteen.today import (
    acceptance,
    director,
    heads,
    incidents,
    kitchen,
    recalls,
    roster,
    stopping,
    store,
)

__all__ = ["acceptance", "director", "heads", "incidents", "kitchen", "recalls", "roster", "stopping", "store"]
