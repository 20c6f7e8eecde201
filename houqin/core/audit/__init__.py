"""The audit trail: written in the deed's own transaction."""
