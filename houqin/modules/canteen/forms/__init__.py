"""What is typed on the canteen's pages, a file a subject."""
