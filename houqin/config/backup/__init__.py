"""Backups: everything that must be kept in one encrypted file, the keys in another, each read back after writing."""
