"""Deeds on responsibility letters: writing the text, issuing, signing."""
