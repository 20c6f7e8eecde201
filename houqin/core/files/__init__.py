"""Files kept once by their content, each row with its own unit and class; photos re-encoded and stamped."""
