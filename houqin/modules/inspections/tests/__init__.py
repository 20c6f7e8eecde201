"""Tests of checklists, campaigns and visits."""
