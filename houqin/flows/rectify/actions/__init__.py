"""Deeds from a finding to its closing."""
