"""What the canteen asks of people today, a file a subject."""

from houqin.modules.canteen.today import heads, recalls, store

__all__ = ["heads", "recalls", "store"]
