"""The order in which a school names its classes: 小班 中班 大班, 一年级一班 before 二年级一班."""

_RANK = str.maketrans(
    {**{word: chr(ord("0") + number) for number, word in enumerate("〇一二三四五六七八九", start=0)}, "十": ":"}
    | {"小": "0", "中": "1", "大": "2"}
)


def class_key(name: str) -> str:
    """A key that sorts classes as a school lists them; numerals up to 十 and the three groups of a kindergarten."""
    return name.translate(_RANK)
