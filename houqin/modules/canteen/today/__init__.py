"""What the canteen asks of people today, a file a subject."""

from houqin.modules.canteen.today import recalls, store

__all__ = ["recalls", "store"]
