"""What boards and reports of inspections read."""
