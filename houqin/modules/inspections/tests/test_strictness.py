"""How much an inspector sees beside others: like with like, and never a verdict from few visits."""

from hypothesis import given
from hypothesis import strategies as st

from houqin.modules.inspections.strictness import FEWEST_OTHERS, Seen, compared

SEEN = st.integers(1, 2_000).flatmap(lambda items: st.builds(Seen, st.just(items), st.integers(0, items)))


def test_half_of_what_others_saw_stands_out() -> None:
    found = compared({"小学": Seen(300, 10)}, {"小学": Seen(1_300, 210)})
    assert found is not None
    assert round(found.expected) == 60
    assert found.stands_out


def test_twice_as_much_stands_out_too() -> None:
    found = compared({"小学": Seen(300, 120)}, {"小学": Seen(1_300, 320)})
    assert found is not None
    assert found.stands_out


def test_the_same_share_does_not_stand_out() -> None:
    found = compared({"小学": Seen(300, 60)}, {"小学": Seen(1_300, 260)})
    assert found is not None
    assert not found.stands_out


def test_worse_schools_explain_more_findings() -> None:
    """Of schools with boarders others see twice as much: whoever goes there does not stand out."""
    everybody = {"小学+": Seen(1_300, 520), "小学": Seen(1_000, 200)}
    found = compared({"小学+": Seen(300, 120)}, everybody)
    assert found is not None
    assert round(found.expected) == 120
    assert not found.stands_out


def test_few_items_of_others_compare_nothing() -> None:
    assert compared({"小学": Seen(50, 0)}, {"小学": Seen(50 + FEWEST_OTHERS - 1, 40)}) is None


@given(
    st.dictionaries(st.sampled_from("甲乙丙"), SEEN, max_size=3),
    st.dictionaries(st.sampled_from("甲乙丙"), SEEN, max_size=3),
)
def test_what_is_expected_lies_within_what_was_looked_at(own: dict[str, Seen], others: dict[str, Seen]) -> None:
    everybody = {kind: own.get(kind, Seen()) + others.get(kind, Seen()) for kind in {*own, *others}}
    found = compared(own, everybody)
    if found is not None:
        assert 0 <= found.expected <= found.items
        assert found.failed <= found.items


@given(SEEN, st.integers(1, 5))
def test_somebody_who_sees_exactly_what_others_see_never_stands_out(one: Seen, times: int) -> None:
    everybody = Seen(one.items * (times + 1), one.failed * (times + 1))
    found = compared({"甲": one}, {"甲": everybody})
    assert found is None or not found.stands_out
