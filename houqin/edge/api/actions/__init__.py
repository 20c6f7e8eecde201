"""The verbs of the open door."""
