"""Tests of findings and what becomes of them."""
