"""What goes out of ledgers: the book, month sheets, uploads for a superior's platform, what a school publishes."""
