"""Secrets and whatever tells of a person never stand in a log, not even in the traceback of an error."""

import io
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from houqin.config.watch.lines import Lines
from houqin.lib.redacting import HIDDEN, redacted
from tests.world import PASSWORD, World

SECRETS = ["Qx7-secret-word", "420606199001011234", "13812341234", "eyJhbGciOi.J9.abcdef", "s3cr3t"]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that the installation's own handler writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level, request_level = root.level, logging.getLogger("django.request").level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("django.request").setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    logging.getLogger("django.request").setLevel(request_level)


def test_what_breaks_with_secrets_in_hand_does_not_write_them_down(
    world: World, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: Any, **options: Any) -> Any:
        raise RuntimeError(f"password=Qx7-secret-word id 420606199001011234 tel 13812341234 token: {SECRETS[3]}")

    client = Client(raise_request_exception=False)
    client.force_login(world.an, backend="allauth.account.auth_backends.AuthenticationBackend")
    monkeypatch.setattr("houqin.ui.views.today.gather", breaks)
    answer = client.get("/?password=Qx7-secret-word&token=s3cr3t", headers={"authorization": f"Bearer {SECRETS[3]}"})
    assert answer.status_code == 500
    assert not [one for one in SECRETS if one in answer.content.decode()]
    text = written.getvalue()
    assert "RuntimeError" in text
    assert "breaks" in text, "the place of the fault is still told"
    assert [one for one in SECRETS if one in text] == []


def test_signing_in_and_resetting_leave_no_word_of_it(world: World, written: io.StringIO) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "an", "password": "Qx7-secret-word"})
    client.post(reverse("account_login"), {"login": "an", "password": PASSWORD})
    client.get(reverse("account_reset_password_from_key", args=["1", "Qx7-secret-word"]))
    assert [one for one in (*SECRETS, PASSWORD) if one in written.getvalue()] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("login failed password=abc123 for an", f"login failed password={HIDDEN} for an"),
        ("{'password': ['abc'], 'login': ['an']}", f"{{'password': {HIDDEN}, 'login': ['an']}}"),
        ('{"token": "abc", "n": 1}', f'{{"token": {HIDDEN}, "n": 1}}'),
        ("Authorization: Bearer abcdefghijk", f"Authorization: Bearer {HIDDEN}"),
        ("postgresql://houqin:abc@db/houqin", f"postgresql://{HIDDEN}@db/houqin"),
        ("id 42060619900101123X, tel 13812341234 or 86-13812341234", f"id {HIDDEN}, tel {HIDDEN} or {HIDDEN}"),
        ("scan-42060619900101123X.jpg, 420606199001011234-1.jpg", f"scan-{HIDDEN}.jpg, {HIDDEN}-1.jpg"),
        (
            "no pupil 欧阳小红 in /q/%E6%AC%A7%E9%98%B3/ of wang@school.cn",
            f"no pupil {HIDDEN} in /q/{HIDDEN}/ of {HIDDEN}",
        ),
        ("/accounts/password/reset/key/1-c0ffee/", f"/accounts/password/reset/key/{HIDDEN}/"),
        ("receipt SH-20240304-0012 of 25.5 kg", "receipt SH-20240304-0012 of 25.5 kg"),
        (
            "job 018f4e2a-7c11-7abc-8def-138001380000 took 1709.5 ms",
            "job 018f4e2a-7c11-7abc-8def-138001380000 took 1709.5 ms",
        ),
    ],
)
def test_only_the_secret_goes(text: str, left: str) -> None:
    assert redacted(text) == left
