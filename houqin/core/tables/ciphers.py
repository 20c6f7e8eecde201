"""What leaves as an opaque word and comes back, and what is kept but not in the open: enciphered with the server's secret."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def enciphered(text: str, *, use: str) -> str:
    """The text as an opaque word, for one use only."""
    return _cipher(use).encrypt(text.encode()).decode()


def deciphered(word: str, *, use: str) -> str | None:
    """The text behind a word; None when it was not made here for this use."""
    try:
        return _cipher(use).decrypt(word.encode()).decode()
    except (InvalidToken, UnicodeError):
        return None


def _cipher(use: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"{use}|{settings.SECRET_KEY}".encode()).digest()))
