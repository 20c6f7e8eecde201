"""Strict readers for environment variables: a wrong value stops the start with a sentence, never a guess."""

import os
from pathlib import Path


class SettingError(Exception):
    """An environment variable has a value that cannot be used."""


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that NAME_FILE points at (for secrets), or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name) or default


def flag(name: str, *, default: bool = False) -> bool:
    """``1/true/yes/on`` or ``0/false/no/off``."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name}={value!r}: write 1 or 0")


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """One of these words; the first when there is none."""
    value = text(name, choices[0])
    if value not in choices:
        raise SettingError(f"{name}={value!r}: write {' or '.join(choices)}")
    return value


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise SettingError(f"{name}={value!r}: write a whole number") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
