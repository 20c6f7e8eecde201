"""Reading across the chain."""
