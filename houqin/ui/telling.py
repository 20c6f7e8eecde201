"""What a deed tells whoever did it: green when all is well, amber when something has to be looked at."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _


class Caution(str):
    """The deed is done, and what it tells asks for more: told in amber."""

    __slots__ = ()


def tell(request: HttpRequest, message: str) -> None:
    """Put the words on the next page."""
    level = messages.WARNING if isinstance(message, Caution) else messages.SUCCESS
    messages.add_message(request, level, message)


def to_copy(words: str, secret: str) -> str:
    """Words that show a secret, once and for good, with a button that copies it."""
    before, _secret, after = words.partition(secret)
    return format_html(
        '{}<code class="to-copy">{}</code> <button type="button" class="btn btn-sm" data-copy data-copied="{}" hidden>{}</button>{}',
        before, secret, _("Copied"), _("Copy"), after,
    )  # fmt: skip
