"""What operators see of a running installation: whether it lives and is ready, its figures, its log."""
