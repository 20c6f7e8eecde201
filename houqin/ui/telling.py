"""What a deed tells whoever did it: green when all is well, amber when something has to be looked at."""

from django.contrib import messages
from django.http import HttpRequest


class Caution(str):
    """The deed is done, and what it tells asks for more: told in amber."""

    __slots__ = ()


def tell(request: HttpRequest, message: str) -> None:
    """Put the words on the next page."""
    level = messages.WARNING if isinstance(message, Caution) else messages.SUCCESS
    messages.add_message(request, level, message)
