"""Deeds of the canteen."""
