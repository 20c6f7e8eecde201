"""Seals: what was recorded is chained by school, so that a change, a gap or a late insertion shows."""
