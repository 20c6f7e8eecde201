"""Duties 责任清单: who does what, where, by when, on which days, and what came of it."""
