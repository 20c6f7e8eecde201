"""Doing a duty: by the record that proves it, or by one tap and a remark."""

from houqin.flows.duties.completing import complete

__all__ = ["complete"]
