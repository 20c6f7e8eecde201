"""What is read once for a page is read anew for the next, and always outside of one."""

from houqin.core.scope.remembering import remembered, remembering


def test_within_one_page_each_question_is_asked_once_and_apart() -> None:
    asked = []

    @remembered
    def kind(name: str, *, day: int = 0) -> list[str]:
        asked.append((name, day))
        return [name]

    with remembering():
        assert kind("a") is kind("a")
        assert kind("b") == ["b"]
        assert kind("a", day=1) == ["a"]
    assert asked == [("a", 0), ("b", 0), ("a", 1)]
    with remembering():
        kind("a")
    assert len(asked) == 4


def test_outside_of_a_page_nothing_is_kept() -> None:
    asked = []
    count = remembered(lambda: asked.append(1))
    count()
    count()
    assert len(asked) == 2
