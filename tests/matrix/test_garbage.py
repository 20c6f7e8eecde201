"""Garbage at every door, a short run with a fixed seed; ``make fuzz`` sends as much as one has time for."""

from benchmarks.fuzz import forms, queries
from tests.world import World

EXAMPLES = 500


def test_no_query_string_breaks_a_page(furnished: World) -> None:
    report = queries.run(EXAMPLES, furnished)
    assert broken(report) == []
    assert report["sent"] >= EXAMPLES


def test_no_entry_of_a_form_breaks_a_page(furnished: World) -> None:
    report = forms.run(EXAMPLES, furnished)
    assert broken(report) == []
    assert report["sent"] >= EXAMPLES
    assert report["answers"].keys() & {302, 422}


def broken(report: dict[str, dict[str, str]]) -> list[str]:
    """What is an error whatever the machine: how long an answer took is measured by ``make fuzz``."""
    return [f"{fault}\n{sent}" for fault, sent in report["faults"].items() if " s: " not in fault]
