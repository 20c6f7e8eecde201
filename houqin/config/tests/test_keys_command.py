"""``houqin keys rotate``: a new secret key reaches all that lies under the former one, and nothing is lost."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import PermissionDenied
from django.utils.translation import override
from typer.testing import CliRunner

from houqin.config.cli import app
from houqin.config.health import keys
from houqin.core.audit import actions
from houqin.core.audit.models import AuditEntry
from houqin.core.grants.models import Grant
from houqin.core.people.beside import SECOND_FACTOR
from houqin.core.tables.ciphers import deciphered, enciphered, kept_words
from houqin.edge.api.models import SIGNS, Webhook
from tests.world import NOON, World

BEFORE, AFTER = "before " * 8, "after " * 8


def rotate(*words: str, code: int = 0) -> dict[str, dict[str, Any]]:
    answer = CliRunner().invoke(app, ["keys", "rotate", "--json", *words])
    assert answer.exit_code == code, answer.output
    return {one.pop("column"): one for one in json.loads(answer.stdout)["columns"]}


@pytest.fixture
def kept(world: World, settings: Any) -> Iterator[dict[str, Any]]:
    """A phone's key, codes on paper and a receiver's secret from before the key was changed."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = BEFORE, []
    secret = generate_totp_secret()
    TOTP.activate(world.gao, secret)
    codes = RecoveryCodes.activate(world.gao).generate_codes()
    grant = Grant.objects.get(account=world.gao)
    Webhook.objects.create(
        org=grant.org, grant=grant, label="区平台", url="https://x.example", made_at=NOON,
        secret=enciphered("whsec_x", use=SIGNS),
    )  # fmt: skip
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = AFTER, [BEFORE]
    return {"secret": secret, "codes": codes}


def opened() -> tuple[str | None, list[str], str | None]:
    """All three, as they are read now."""
    found = Authenticator.objects.get(type="totp").data["secret"]
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()
    return deciphered(found, use=SECOND_FACTOR), codes, deciphered(Webhook.objects.get().secret, use=SIGNS)


def raw() -> list[Any]:
    return [*Authenticator.objects.order_by("pk").values_list("data", flat=True), Webhook.objects.get().secret]


def test_everything_is_read_before_and_after_and_the_former_key_can_go(kept: dict[str, Any], settings: Any) -> None:
    as_made = (kept["secret"], kept["codes"], "whsec_x")
    assert opened() == as_made
    found = rotate()
    assert found == {
        "mfa.authenticator.data": {"rows": 2, "renewed": 2, "unreadable": []},
        "api.webhook.secret": {"rows": 1, "renewed": 1, "unreadable": []},
    }
    assert opened() == as_made
    settings.SECRET_KEY_FALLBACKS = []
    assert opened() == as_made


def test_a_dry_run_changes_nothing_and_a_second_run_finds_nothing(kept: dict[str, Any]) -> None:
    before, entries = raw(), AuditEntry.objects.count()
    assert rotate("--dry-run")["mfa.authenticator.data"] == {"rows": 2, "renewed": 2, "unreadable": []}
    assert (raw(), AuditEntry.objects.count()) == (before, entries)
    rotate()
    after, entries = raw(), AuditEntry.objects.count()
    assert {one["renewed"] for one in rotate().values()} == {0}
    assert (raw(), AuditEntry.objects.count()) == (after, entries)
    told = AuditEntry.objects.filter(event="audit.words_renewed").values_list("channel", "detail")
    assert sorted((channel, detail["table"], detail["rows"]) for channel, detail in told) == [
        ("cli", "api.webhook.secret", 1), ("cli", "mfa.authenticator.data", 2),
    ]  # fmt: skip


def test_what_no_key_reads_is_told_and_stays_for_whoever_finds_the_key(kept: dict[str, Any], settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS, before = [], raw()
    found = rotate(code=1)
    assert found["api.webhook.secret"] == {"rows": 1, "renewed": 0, "unreadable": [str(Webhook.objects.get().pk)]}
    assert raw() == before
    settings.SECRET_KEY_FALLBACKS = [BEFORE]
    assert {one["unreadable"] == [] for one in rotate().values()} == {True}
    assert opened() == (kept["secret"], kept["codes"], "whsec_x")


def test_broken_off_it_is_taken_up_by_the_next_run(kept: dict[str, Any], world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "BATCH", 1)
    (words,) = (one for one in kept_words() if one.label == "mfa.authenticator.data")
    assert actions.renew_words(words, by=world.system).renewed == 1
    assert rotate()["mfa.authenticator.data"] == {"rows": 2, "renewed": 1, "unreadable": []}


def test_nobody_but_the_system_does_it(kept: dict[str, Any], world: World) -> None:
    before = raw()
    for words in kept_words():
        with pytest.raises(PermissionDenied):
            actions.renew_words(words, by=world.viewer("op"))
    assert raw() == before


def test_for_people_it_is_told_in_words(kept: dict[str, Any], settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = []
    answer = CliRunner().invoke(app, ["keys", "rotate"])
    assert answer.exit_code == 1
    assert "api.webhook.secret" in answer.stdout
    assert "HOUQIN_SECRET_KEY_FALLBACKS" in answer.stderr


def test_the_doctor_tells_what_lies_under_a_former_key_and_what_under_none(kept: dict[str, Any], settings: Any) -> None:
    def told() -> list[tuple[str, str]]:
        with override("en"):
            return [(one.level, one.mend.split(",")[0]) for one in keys.examine() if one.check == "secret_key"]

    assert told() == [("note", "Run: houqin keys rotate")]
    settings.SECRET_KEY_FALLBACKS = []
    assert told() == [("mend", "Name the key of its time in HOUQIN_SECRET_KEY_FALLBACKS")]
    settings.SECRET_KEY_FALLBACKS = [BEFORE]
    rotate()
    [(level, mend)] = told()
    assert (level, mend.split(" two weeks")[0]) == ("note", "Take HOUQIN_SECRET_KEY_FALLBACKS away")
    settings.SECRET_KEY_FALLBACKS = []
    assert told() == []
