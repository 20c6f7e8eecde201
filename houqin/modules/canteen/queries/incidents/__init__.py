"""What the pages and papers of an incident read."""
