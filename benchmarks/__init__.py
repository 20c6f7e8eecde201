"""Claims, measured: one script a claim. ``make bench`` runs them all and writes what they print."""

BOTH = ("town", "trace", "moves", "imports", "keepers", "ledgers", "duties", "seals")
ONLY_POSTGRESQL = ("tree", "recall", "jobs", "exports", "indicators", "renewals", "boards")
ONLY_SQLITE = ("hands", "one_school", "first_page")
NAMES = (*ONLY_SQLITE, *BOTH, *ONLY_POSTGRESQL)
"""The scripts, by the database on which their figures count."""
