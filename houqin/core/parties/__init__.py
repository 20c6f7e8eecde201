"""Suppliers, manufacturers and other firms that schools deal with."""
