"""The binder of a school's records to take home: one ZIP that anyone can read, and check without this program."""
