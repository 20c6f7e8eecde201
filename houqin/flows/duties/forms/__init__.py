"""Forms of duties, a file a subject."""
