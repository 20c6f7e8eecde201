"""Master data as recorded under several names, merged with undo."""
