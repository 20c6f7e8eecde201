"""What pages of the environment read."""
