"""Verify a draw of schools and inspectors: ``python verify_draw.py record.json``. Needs nothing but Python 3.9 or later.

The record is the file that the page of a draw offers. This program computes the commitment from the seed and the list,
draws once more, and compares both with what was published. It ends with 0 when all agree.
"""

import hashlib
import json
import sys
from typing import Any


def digest(*words: str) -> str:
    """SHA-256 over words, one a line."""
    return hashlib.sha256("\n".join(words).encode("utf-8")).hexdigest()


def number(*words: str) -> int:
    """The digest as a whole number of 256 bits."""
    return int(digest(*words), 16)


def draw(seed: str, held: dict[str, Any]) -> list[dict[str, Any]]:
    """The schools with their inspectors, as the rule houqin-draw-1 gives them."""
    visits: dict[str, int] = {}
    leads: dict[str, int] = {}
    ring = sorted(held["schools"], key=lambda school: school["id"])
    if held["cross"]:
        order = pairs(seed, held, ring)
    else:
        order = [(school["id"], "") for school in lots(seed, ring, held["wanted"])]
    found = []
    for school, checker in order:
        fit = [
            hand["id"]
            for hand in held["inspectors"]
            if school not in hand["not_at"] and (not held["cross"] or hand["of"] == checker)
        ]
        fit.sort(key=lambda hand: (visits.get(hand, 0), number(seed, "inspector", school, hand)))
        chosen = fit[: held["per_visit"]]
        chosen.sort(key=lambda hand: (leads.get(hand, 0), number(seed, "lead", school, hand)))
        for hand in chosen:
            visits[hand] = visits.get(hand, 0) + 1
        if chosen:
            leads[chosen[0]] = leads.get(chosen[0], 0) + 1
        found.append({"school": school, "inspectors": chosen, "checker": checker})
    return found


def lots(seed: str, ring: list[Any], wanted: int) -> list[Any]:
    """Schools by lot: each has as many lots as its weight, those marked ``first`` are drawn before the others."""
    left = list(ring)
    found: list[Any] = []
    while left and len(found) < wanted:
        pool = [school for school in left if school["first"]]
        if not pool:
            pool = left
        total = sum(school["weight"] for school in pool)
        lot = (number(seed, "school", str(len(found))) * total) // (2**256)
        passed = 0
        for school in pool:
            passed += school["weight"]
            if lot < passed:
                found.append(school)
                left = [other for other in left if other["id"] != school["id"]]
                break
    return found


def pairs(seed: str, held: dict[str, Any], ring: list[Any]) -> list[tuple[str, str]]:
    """Cross-checks: everybody is inspected by the school so many places further on in the ring."""
    options = []
    size = len(ring)
    for step in range(1, size):
        again = 0
        enough = True
        for place, school in enumerate(ring):
            checker = ring[(place + step) % size]["id"]
            again += school["met"].get(checker, 0)
            hands = [h for h in held["inspectors"] if h["of"] == checker and school["id"] not in h["not_at"]]
            enough = enough and len(hands) >= held["per_visit"]
        if enough:
            mutual = size > 2 and step * 2 == size
            options.append((again, mutual, number(seed, "step", str(step)), step))
    if not options:
        return []
    best = min(options)[3]
    return [(school["id"], ring[(place + best) % size]["id"]) for place, school in enumerate(ring)]


def check(record: dict[str, Any]) -> list[str]:
    """What does not agree, in words; nothing when all agrees."""
    wrong = []
    held = json.loads(record["listing"])
    if digest(record["seed"], record["listing"]) != record["commitment"]:
        wrong.append("The commitment does not belong to this seed and list. 承诺值与种子和名单不符。")
    for school in held["schools"]:
        if sum(lots for _count, lots in school["why"].values()) != school["weight"]:
            wrong.append(f"The reasons do not add up to the weight of {school['name']}. 权重与理由不符。")
    if draw(record["seed"], held) != record["result"]:
        wrong.append("Drawing again gives another result. 重新抽取的结果不同。")
    return wrong


def main(path: str) -> int:
    """Check one record and tell."""
    with open(path, encoding="utf-8") as file:
        record = json.load(file)
    wrong = check(record)
    told = wrong or ["Everything agrees: commitment, weights and result. 承诺值、权重和结果全部相符。"]
    sys.stdout.write("\n".join(told) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
