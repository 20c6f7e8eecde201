"""Viewer, ScopedModel and require: the one road to a row. No tables live here."""
