"""What the canteen asks of people today, a file a subject."""

from houqin.modules.canteen.today import recalls

__all__ = ["recalls"]
