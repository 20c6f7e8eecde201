"""Waste, toilets and what else keeps a school clean and green."""
