"""What is typed on the console's pages, a file a subject."""
