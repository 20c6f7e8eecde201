"""Claims, measured: one script a claim. ``make bench`` runs them all and prints one JSON object."""
