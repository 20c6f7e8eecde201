"""Responsibility letters 责任书: issued level by level down to the post, signed, renewed every year."""
