"""Deeds on credentials, by subject."""
