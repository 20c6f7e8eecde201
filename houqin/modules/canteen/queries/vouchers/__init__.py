"""Papers that offices still need: which forms a period has, and what stands on each."""
