"""What was tried and what was acknowledged, written by whoever does it: a line is one write, which no kill cuts in two."""

import os
from pathlib import Path


class Journal:
    """Lines ``try token`` and ``ack token``; several processes append to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def write(self, word: str, token: str) -> None:
        """One line, at once in the system's hands: the process may be killed right after it."""
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(file, f"{word} {token}\n".encode())
        finally:
            os.close(file)

    def read(self) -> dict[str, set[str]]:
        """The tokens under each word."""
        found: dict[str, set[str]] = {"try": set(), "ack": set()}
        for line in self.path.read_text().splitlines():
            word, _space, token = line.partition(" ")
            found.setdefault(word, set()).add(token)
        return found
