"""Verbs of ledgers, a file a subject."""

from houqin.flows.ledgers.actions.entering import amend_entry, record_entry

__all__ = ["amend_entry", "record_entry"]
