"""One day of one school, from the supplier's van to the classes."""
