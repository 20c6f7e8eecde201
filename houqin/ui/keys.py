"""The key that a page gives its form: under one key a deed is done once."""

from uuid import UUID, uuid4

from django.http import HttpRequest

from houqin.ui.models import SentForm

Outcome = tuple[str, str]


def key_of(request: HttpRequest) -> UUID:
    """The key that the page gave the form; a new one when there is none."""
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return uuid4()


def sent(key: UUID) -> Outcome | None:
    """Where it led and what was told when this key was carried out, if it was."""
    found = SentForm.objects.filter(key=key).first()
    return (found.url, found.message) if found else None
