"""Where things stand: campus, building, room, store, refrigerator, equipment, each with its label."""
