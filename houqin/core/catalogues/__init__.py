"""Reviewed text with a source: YAML in ``catalogues/``, checked by a schema, loaded idempotently."""
