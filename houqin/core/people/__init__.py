"""Accounts, persons, posts over time, classes, pupils and guardians."""
