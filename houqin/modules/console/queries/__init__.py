"""What the console reads across records, a file a subject."""
