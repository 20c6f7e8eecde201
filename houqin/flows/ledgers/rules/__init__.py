"""The arithmetic of ledgers: limits, doubts, times, what units may ask for. Pure: values in, findings out."""
