"""A second factor: set up with a phone, asked for at each sign-in, required by units, reset when it is lost."""

import re
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client, TestCase
from django.urls import reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.people.actions.sign_in import reset_second_factor
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.ui.queued import ACCOUNT, QUEUED
from tests.world import PASSWORD, World

SIGN_IN, CODE, SET_UP = "account_login", "mfa_authenticate", "mfa_activate_totp"


@pytest.fixture(autouse=True)
def _unused_codes() -> Iterator[None]:
    yield
    cache.clear()


def code_of(secret: str, steps: int = 0) -> str:
    """What the phone shows, some half minutes from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def signed_in(username: str, client: Client | None = None) -> tuple[Client, Any]:
    """Through the sign-in page."""
    client = client or Client()
    answer = client.post(reverse(SIGN_IN), {"login": username, "password": PASSWORD})
    return client, answer


def set_up(client: Client) -> str:
    """Set the second factor up; returns the key that the phone keeps."""
    page = client.get(reverse(SET_UP)).content.decode()
    secret = re.search(r'class="label-code" lang="en">([A-Z2-7]+)<', page)
    assert secret, page
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post(reverse(SET_UP), {"code": code_of(secret[1], -1)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return secret[1]


def require(world: World, code: str = "grants.office_factor") -> None:
    """The province asks for it."""
    set_policy(world.province, by=world.viewer("op"), code=code, value=True, reason="网络安全要求")


class TestOnesOwn:
    def test_it_is_set_up_with_a_picture_drawn_here_and_asked_for_at_the_next_sign_in(self, world: World) -> None:
        client, _answer = signed_in("bo")
        page = client.get(reverse(SET_UP)).content.decode()
        assert 'src="data:image/svg+xml;base64,' in page
        secret = set_up(client)
        assert secret not in str(Authenticator.objects.get(user=world.bo, type="totp").data)
        assert AuditEntry.objects.get(event="people.second_factor_set").actor_name == "薄主任"
        client, answer = signed_in("bo")
        assert answer["Location"] == reverse(CODE)
        assert client.get(reverse("ui:home"))["Location"].startswith(reverse(SIGN_IN))
        answer = client.post(reverse(CODE), {"code": code_of(secret)})
        assert answer["Location"] == "/"
        assert client.get(reverse("ui:home")).status_code == 200

    def test_a_wrong_code_and_a_used_one_are_refused_and_guessing_is_locked_out(self, world: World) -> None:
        client, _answer = signed_in("bo")
        secret = set_up(client)
        code = code_of(secret)
        client, _answer = signed_in("bo")
        assert client.post(reverse(CODE), {"code": code}).status_code == 302
        client, _answer = signed_in("bo")
        for typed in (code, "000000", "", "abcdef", "1234567890"):
            answer = client.post(reverse(CODE), {"code": typed})
            assert answer.status_code == 200
        for _guess in range(5):
            answer = client.post(reverse(CODE), {"code": "000000"})
        cache_key_free = client.post(reverse(CODE), {"code": code_of(secret, 1)})
        assert cache_key_free.status_code == 200, "locked out: the right code does not help either"
        assert client.get(reverse("ui:home")).status_code == 302

    def test_a_recovery_code_signs_in_once(self, world: World) -> None:
        client, _answer = signed_in("bo")
        set_up(client)
        page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
        codes = re.findall(r'<li class="label-code">(\d+)</li>', page)
        assert len(codes) == 10
        for expected in (302, 200):
            other, _answer = signed_in("bo")
            assert other.post(reverse(CODE), {"code": codes[0]}).status_code == expected

    def test_it_can_be_taken_away_where_no_unit_asks_for_it(self, world: World) -> None:
        client, _answer = signed_in("bo")
        set_up(client)
        assert client.get(reverse("mfa_index")).status_code == 200
        client.post(reverse("mfa_deactivate_totp"))
        assert not Authenticator.objects.exists()
        assert AuditEntry.objects.filter(event="people.second_factor_removed").exists()
        set_up(client)
        require(world)
        assert client.post(reverse("mfa_deactivate_totp")).status_code == 200
        assert Authenticator.objects.filter(type="totp").count() == 1


class TestRequired:
    def test_nothing_is_reached_until_it_is_set_up(self, world: World) -> None:
        require(world)
        client, _answer = signed_in("bo")
        for name in ("ui:home", "ui:notices", "console:accounts", "canteen:cards", "collect:tables", "ui:search"):
            answer = client.get(reverse(name))
            assert (answer.status_code, answer["Location"]) == (302, reverse(SET_UP)), name
        assert client.post(reverse("collect:tables-new"), {"title": "x"})["Location"] == reverse(SET_UP)
        part = client.get(reverse("ui:search"), headers={"HX-Request": "true"})
        assert part["HX-Redirect"] == reverse(SET_UP)
        headers = {QUEUED: "later", ACCOUNT: str(world.bo.public_id)}
        kept = client.post(reverse("collect:tables-new"), {"_key": str(uuid4())}, headers=headers)
        assert (kept.status_code, kept.json()["state"]) == (401, "signin")
        set_up(client)
        assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
        assert client.get(reverse("ui:home")).status_code == 200

    def test_schools_and_other_units_are_not_asked_and_signing_out_is_always_open(self, world: World) -> None:
        set_policy(world.city, by=world.viewer("op"), code="grants.office_factor", value=True, reason="试点")
        for username in ("gao", "an", "chen", "du", "eve"):  # schools, another city, a parent, the province
            client, _answer = signed_in(username)
            assert client.get(reverse("ui:home")).status_code == 200, username
        client, _answer = signed_in("bo")
        assert client.post(reverse("account_logout")).status_code == 302
        assert "_auth_user_id" not in client.session

    def test_schools_can_be_asked_too_but_never_parents(self, world: World) -> None:
        require(world, "grants.school_factor")
        client, _answer = signed_in("gao")
        assert client.get(reverse("ui:home"))["Location"] == reverse(SET_UP)
        client, _answer = signed_in("du")
        assert client.get(reverse("ui:home")).status_code == 200

    def test_who_is_signed_in_already_is_asked_within_ten_minutes(self, world: World) -> None:
        client, _answer = signed_in("bo")
        assert client.get(reverse("ui:home")).status_code == 200
        require(world)
        assert client.get(reverse("ui:home")).status_code == 200
        session = client.session
        session["houqin.gate"] = {"at": time.time() - 601, "lacks": ""}
        session.save()
        assert client.get(reverse("ui:home"))["Location"] == reverse(SET_UP)

    def test_a_unit_below_may_not_loosen_it(self, world: World) -> None:
        require(world)
        with pytest.raises(Refused):
            set_policy(world.town, by=world.viewer("bo"), code="grants.office_factor", value=False, reason="嫌麻烦")


class TestLost:
    def test_whoever_manages_accounts_resets_it_with_a_reason_on_record(self, world: World) -> None:
        client, _answer = signed_in("gao")
        set_up(client)
        reset_second_factor(world.gao, by=world.viewer("bo"), reason="手机丢失，本人到场")
        assert not Authenticator.objects.filter(user=world.gao).exists()
        entry = AuditEntry.objects.get(event="people.second_factor_reset")
        assert (entry.actor_name, entry.detail["reason"]) == ("薄主任", "手机丢失，本人到场")
        _client, answer = signed_in("gao")
        assert answer["Location"] == "/"
        with pytest.raises(Refused):
            reset_second_factor(world.gao, by=world.viewer("bo"), reason="再来一次")

    @pytest.mark.parametrize(
        ("name", "met"), [("an", PermissionDenied), ("hu", NotVisible), ("chen", NotVisible), ("gao", Refused)]
    )
    def test_nobody_else_does(self, world: World, name: str, met: type[Exception]) -> None:
        client, _answer = signed_in("gao")
        set_up(client)
        with pytest.raises(met):
            reset_second_factor(world.gao, by=world.viewer(name), reason="帮忙")
        with pytest.raises(Refused):
            reset_second_factor(world.gao, by=world.viewer("bo"), reason=" ")
        assert Authenticator.objects.filter(user=world.gao, type="totp").exists()

    def test_on_the_page_of_the_account(self, world: World) -> None:
        client, _answer = signed_in("gao")
        set_up(client)
        office, _answer = signed_in("bo")
        address = reverse("console:accounts-reset-second-factor", args=[world.gao.public_id])
        assert office.get(address).status_code == 200
        assert office.post(address, {"reason": "手机丢失"}).status_code == 302
        assert not Authenticator.objects.filter(user=world.gao).exists()


def test_a_changed_secret_key_fits_no_code_any_more(world: World, settings: Any) -> None:
    client, _answer = signed_in("bo")
    secret = set_up(client)
    settings.SECRET_KEY = "another"
    client, _answer = signed_in("bo")
    assert client.post(reverse(CODE), {"code": code_of(secret)}).status_code == 200


def test_a_pin_on_a_colleagues_phone_needs_no_second_factor(world: World) -> None:
    """The session is the colleague's; whoever signs with the PIN signs in nowhere."""
    require(world, "grants.school_factor")
    client, _answer = signed_in("an")
    set_up(client)
    assert client.get(reverse("ui:pin")).status_code == 200
    assert not Authenticator.objects.filter(user=world.gao).exists()
