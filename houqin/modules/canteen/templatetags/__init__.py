"""Filters of the canteen's templates."""
