"""The jobs of this app, loaded at start."""

from houqin.flows.sheets.actions.working import read_import, write_import

__all__ = ["read_import", "write_import"]
