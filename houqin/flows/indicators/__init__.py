"""Indicators 指标: figures that each room declares of its own rows, kept by unit and day, with the way back to the rows."""
