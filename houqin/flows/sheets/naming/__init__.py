"""Which written names mean the same thing, and why. Pure; when in doubt, names are kept apart."""
