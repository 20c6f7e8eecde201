"""Local practice as settings, inherited down the tree; where marked, a lower level may only tighten."""
