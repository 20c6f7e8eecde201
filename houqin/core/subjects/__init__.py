"""What mechanisms can be about: one row for each thing that duties, recalls or findings name."""
