"""Verbs of ledgers, a file a subject."""

from houqin.flows.ledgers.actions.adopting import adopt_ledger, end_adoption
from houqin.flows.ledgers.actions.entering import amend_entry, record_entry
from houqin.flows.ledgers.actions.erasing import erase_person
from houqin.flows.ledgers.actions.settling import confirm_breach, settle_breaches

__all__ = [
    "adopt_ledger", "amend_entry", "confirm_breach", "end_adoption", "erase_person", "record_entry", "settle_breaches",
]  # fmt: skip
