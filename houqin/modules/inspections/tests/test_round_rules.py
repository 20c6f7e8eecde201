"""Whose round holds where: at each unit exactly one of each use, the one of its chain that asks most often."""

from hypothesis import given
from hypothesis import strategies as st

from houqin.core.scope.viewer import covers
from houqin.modules.inspections.catalogue import ROUND_RHYTHMS
from houqin.modules.inspections.items import ForSchools
from houqin.modules.inspections.rounds import ORDER, Wish, above, holding, is_oftener

PATHS = ["0001", "00010001", "00010002", "000100010001", "000100010002", "000100020001"]
SCHOOLS = PATHS[3:]
RHYTHMS = [every.value for every in ROUND_RHYTHMS]


@st.composite
def wished(draw: st.DrawFn) -> list[Wish]:
    """What units ask for, each once for a use."""
    found = draw(
        st.lists(
            st.tuples(st.sampled_from(PATHS), st.sampled_from(["gate", "kitchen"]), st.sampled_from(RHYTHMS)),
            unique_by=lambda one: one[:2], max_size=10,
        )
    )  # fmt: skip
    return [Wish(number, *one) for number, one in enumerate(found)]


def holds_at(school: str, use: str, wishes: list[Wish]) -> list[Wish]:
    return [
        one.wish for one in holding(wishes)
        if one.wish.use == use and covers(one.wish.path, school) and not any(covers(path, school) for path in one.except_paths)
    ]  # fmt: skip


@given(wished())
def test_at_each_school_exactly_one_holds_and_it_is_the_one_that_asks_most_often(wishes: list[Wish]) -> None:
    for school in SCHOOLS:
        for use in ("gate", "kitchen"):
            chain = [one for one in wishes if one.use == use and covers(one.path, school)]
            found = holds_at(school, use, wishes)
            assert len(found) == bool(chain)
            if chain:
                assert ORDER[found[0].every] == min(ORDER[one.every] for one in chain)


@given(wished())
def test_a_wish_for_no_more_than_what_stands_above_holds_nowhere(wishes: list[Wish]) -> None:
    kept = {one.wish.key for one in holding(wishes)}
    for one in wishes:
        upper = above(one.path, one.use, wishes)
        assert (one.key in kept) == all(is_oftener(one.every, other.every) for other in upper)


def test_the_rhythms_run_from_often_to_seldom() -> None:
    assert RHYTHMS == ["day", "school_day", "week", "half_month", "month", "quarter", "term", "year"]
    assert is_oftener("week", "month")
    assert not is_oftener("month", "month")


@given(
    st.sampled_from(["own", "contracted", "ordered", "shared", "none", ""]),
    st.integers(0, 500),
    st.sampled_from(["小学", "幼儿园", ""]),
)
def test_what_is_for_all_fits_all_and_each_condition_only_narrows(mode: str, boarders: int, kind: str) -> None:
    assert ForSchools().fits(mode, boarders, kind)
    assert ForSchools(canteen=True).fits(mode, boarders, kind) == (mode not in ("", "none"))
    assert ForSchools(canteen_modes=["contracted"]).fits(mode, boarders, kind) == (mode == "contracted")
    assert ForSchools(boarders=True).fits(mode, boarders, kind) == (boarders > 0)
    assert ForSchools(types=["幼儿园"]).fits(mode, boarders, kind) == (kind == "幼儿园")
