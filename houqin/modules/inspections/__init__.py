"""督查: what is checked, by whom, which schools are drawn, and what a visit found."""
