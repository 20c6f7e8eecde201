"""The verifier that goes with every binder: one file, needing nothing of this program."""
