"""What a deed tells: green when all is well, amber when something has to be looked at; temperatures as people type them."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from houqin.ui.screens import TemperatureField
from houqin.ui.telling import Caution, tell


@pytest.mark.parametrize(("words", "level"), [("All is well.", "success"), (Caution("Look again."), "warning")])
def test_a_caution_is_told_in_amber(rf: RequestFactory, words: str, level: str) -> None:
    request = rf.get("/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    tell(request, words)
    assert [(one.message, one.level_tag) for one in get_messages(request)] == [(words, level)]


@pytest.mark.parametrize(
    ("typed", "tenths"), [("72.5", 725), ("72,5", 725), ("７２．５", 725), ("-18", -180), ("0", 0), ("96,0", 960)]
)
def test_degrees_are_kept_in_tenths(typed: str, tenths: int) -> None:
    assert TemperatureField().clean(typed) == tenths


@pytest.mark.parametrize("typed", ["72.55", "warm", "900"])
def test_what_is_no_temperature_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        TemperatureField().clean(typed)
