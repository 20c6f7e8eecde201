"""Deeds on cases."""
