"""Deeds on people."""
