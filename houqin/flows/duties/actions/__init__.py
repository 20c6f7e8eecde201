"""What is done with duties, a file a subject."""
