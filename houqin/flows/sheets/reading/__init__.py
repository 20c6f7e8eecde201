"""Reading spreadsheets as schools keep them: bytes in, understood rows out. Pure: no Django, no database."""
