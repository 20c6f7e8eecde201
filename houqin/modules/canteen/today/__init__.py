"""What the canteen asks of people today, a file a subject."""

from houqin.modules.canteen.today import acceptance, director, heads, kitchen, recalls, roster, store

__all__ = ["acceptance", "director", "heads", "kitchen", "recalls", "roster", "store"]
