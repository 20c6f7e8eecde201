"""The organisation tree: province, city, district, town, school, campus and what hangs below."""
