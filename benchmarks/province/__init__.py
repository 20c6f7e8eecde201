"""A whole province, made up: as many schools and days as are asked for, the same rows for the same seed.

    python -m benchmarks.province --postgres URL --schools 1000 --days 365 --seed 1

Units bear the real names of a province; schools, persons and pupils are invented. What is written is what the verbs would have
left: stock that adds up, duties done late or not at all, ledger entries whose chains verify. The trail of audits and events is
left out. Killed in the middle and started again, it goes on where it was.
"""
