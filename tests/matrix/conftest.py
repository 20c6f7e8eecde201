"""The furnished world, for all tests that knock at doors."""

from tests.matrix.furnished import furnished, furnished_once

__all__ = ["furnished", "furnished_once"]
