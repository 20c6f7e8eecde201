"""The page of figures is what the script writes, word for word: nobody puts a number into it by hand."""

from pathlib import Path

from benchmarks.measured import figure, found_in, missed, page_of

PAGE = (Path(__file__).parents[2] / "docs" / "operations" / "measured.md").read_text(encoding="utf-8")


def test_the_page_is_what_the_script_writes_of_its_own_figures():
    assert page_of(found_in(PAGE)) == PAGE, "write it anew: python -m benchmarks.everything --page"


def test_what_is_missed_stands_first_and_says_by_how_much():
    found = found_in(PAGE)
    first = PAGE[: PAGE.index("\n## ", PAGE.index("## Not reached") + 1)]
    over = missed(found)
    assert over
    for aim in over:
        assert f"{aim.words} {figure(found[aim.database][aim.name], aim.path)} ({aim.asked})" in first
