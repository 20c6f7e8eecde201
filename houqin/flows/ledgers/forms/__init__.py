"""The entry of a ledger: a form from its definition, checked where it is typed."""
