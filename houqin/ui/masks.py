"""Personal data covered up for those who need the row but not the person."""

from collections.abc import Callable

Mask = Callable[[str], str]


def mask_phone(text: str) -> str:
    """138****1234; short numbers keep only their last two digits."""
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 9 else f"{'*' * max(len(text) - 2, 1)}{text[-2:]}"


def mask_name(text: str) -> str:
    """The family name stays, the rest becomes stars: 王*, 欧阳 is read as 欧*."""
    return text[:1] + "*" * max(len(text) - 1, 1)


def mask_id(text: str) -> str:
    """Six digits of the district and the last two stay; what is too short to cut is covered whole."""
    return f"{text[:6]}{'*' * (len(text) - 8)}{text[-2:]}" if len(text) >= 15 else "*" * len(text)
