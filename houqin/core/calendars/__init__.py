"""The school calendar: terms, school days, holidays with adjusted workdays, closures and boarding weekends."""
