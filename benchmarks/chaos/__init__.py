"""Claim: kill −9 of web, worker, database and of whoever works, in the middle of it, a thousand times, loses nothing.

    python -m benchmarks.chaos --rounds N [--engine sqlite|postgresql] [--minutes M] [--seed S]

All of it is its own: a PostgreSQL cluster (or a SQLite file) in a temporary folder, granian with two processes, the job worker,
two keepers with phones who repeat what was not answered, and one deed at a time that is killed somewhere in its middle. After each
round the invariants are read from the tables; at the end everything that waited must have been done, and once. Prints JSON.
"""
