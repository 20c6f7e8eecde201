"""Verbs of the environment."""
