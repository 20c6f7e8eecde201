"""Deeds of campaigns and visits."""
