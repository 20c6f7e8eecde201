"""Signing in: lock-out, reset, no door beside it, headers on every answer."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from houqin.core.people.guessing import is_known
from tests.world import PASSWORD, World


def sign_in(client: Client, username: str, password: str) -> int:
    return client.post(reverse("account_login"), {"login": username, "password": password}).status_code


def test_the_right_password_opens_and_the_wrong_one_says_no_more_than_no(world: World) -> None:
    client = Client()
    wrong = client.post(reverse("account_login"), {"login": "an", "password": "wrong-password"})
    unknown = client.post(reverse("account_login"), {"login": "nobody", "password": "wrong-password"})
    errors = [str(answer.context["form"].errors) for answer in (wrong, unknown)]
    assert errors[0] == errors[1] != ""
    assert sign_in(client, "an", PASSWORD) == 302
    assert client.get("/").status_code == 200


def test_many_wrong_passwords_lock_one_account_and_no_other(world: World) -> None:
    client = Client()
    for _again in range(5):
        sign_in(client, "an", "wrong-password")
    assert sign_in(client, "an", PASSWORD) == 200
    assert sign_in(Client(), "gao", PASSWORD) == 302


def test_a_closed_account_does_not_open(world: World) -> None:
    world.an.is_active = False
    world.an.save()
    client = Client()
    sign_in(client, "an", PASSWORD)
    assert client.get("/").status_code == 302


def test_a_forgotten_password_is_renewed_by_mail_and_nothing_tells_who_exists(world: World) -> None:
    world.an.email = "an@example.org"
    world.an.save()
    client = Client()
    known = client.post(reverse("account_reset_password"), {"email": "an@example.org"})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    letter = next(one for one in mail.outbox if one.to == ["an@example.org"])
    link = re.search(r"https?://testserver(/\S+)", letter.body)
    assert link is not None
    page = client.get(link[1], follow=True)
    here = page.redirect_chain[-1][0] if page.redirect_chain else link[1]
    new = "another-long-password"
    assert client.post(here, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(Client(), "an", new) == 302
    assert sign_in(Client(), "an", PASSWORD) == 200


@pytest.mark.parametrize("weak", ["short", "password1234", "12345678901"])
def test_a_weak_password_is_refused(world: World, weak: str) -> None:
    client = Client()
    client.force_login(world.an, backend="allauth.account.auth_backends.AuthenticationBackend")
    given = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert client.post(reverse("account_change_password"), given).status_code == 200
    world.an.refresh_from_db()
    assert world.an.check_password(PASSWORD)


def test_nobody_signs_up(world: World) -> None:
    given = {"username": "me", "password1": "another-long-password", "password2": "another-long-password"}
    Client().post(reverse("account_signup"), given)
    assert sign_in(Client(), "me", "another-long-password") == 200
    with pytest.raises(NoReverseMatch):
        reverse("account_email")


@pytest.mark.parametrize("address", ["/accounts/login/", "/", "/console/units/", "/nothing-here/"])
def test_every_answer_carries_its_headers(world: World, address: str) -> None:
    client = Client()
    client.force_login(world.bo, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(address, follow=True)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert re.search(r"style-src(?!-attr)[^;]*unsafe-inline", policy) is None
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "<script>" not in answer.content.decode()
    assert not re.search(r"\son[a-z]+=", answer.content.decode())


def test_private_pages_are_not_kept_by_caches(world: World) -> None:
    client = Client()
    client.force_login(world.bo, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "private" in client.get("/console/staff/")["Cache-Control"]


def test_a_guess_at_another_school_s_address_finds_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.gao, backend="allauth.account.auth_backends.AuthenticationBackend")
    own = client.get(reverse("console:units-detail", args=[world.school_a.public_id]))
    foreign = client.get(reverse("console:units-detail", args=[world.school_b.public_id]))
    nothing = client.get(reverse("console:units-detail", args=["01890000-0000-7000-8000-000000000000"]))
    assert (own.status_code, foreign.status_code, nothing.status_code) == (200, 404, 404)


def at(address: str) -> Client:
    """A browser at another address."""
    return Client(REMOTE_ADDR=address)


def test_a_stranger_who_guesses_locks_out_themselves_and_not_the_owner(world: World) -> None:
    stranger, owner = at("198.51.100.7"), at("203.0.113.9")
    for _again in range(5):
        sign_in(stranger, "gao", "wrong-password")
    assert sign_in(stranger, "gao", PASSWORD) == 200
    assert sign_in(owner, "gao", PASSWORD) == 302


def test_a_colleague_s_mistakes_do_not_lock_a_school_behind_one_address(world: World) -> None:
    for name in ("an", "shi", "lin", "wu"):
        for _again in range(5):
            sign_in(at("203.0.113.9"), name, "wrong-password")
    assert sign_in(at("203.0.113.9"), "an", PASSWORD) == 200
    assert sign_in(at("203.0.113.9"), "gao", PASSWORD) == 302


def test_many_addresses_together_guess_no_longer_than_an_hour_s_share_and_the_owner_s_device_still_opens(
    world: World,
) -> None:
    phone = at("203.0.113.9")
    assert sign_in(phone, "gao", PASSWORD) == 302
    phone.cookies.pop("sessionid")
    for number in range(60):
        assert sign_in(at(f"198.51.100.{number}"), "gao", "wrong-password") == 200
    assert sign_in(at("198.51.100.200"), "gao", PASSWORD) == 200, "no new place opens now"
    assert sign_in(phone, "gao", PASSWORD) == 302
    assert sign_in(at("198.51.100.200"), "hu", PASSWORD) == 302


def test_a_forged_device_is_a_stranger(world: World) -> None:
    phone, forger = at("203.0.113.9"), at("198.51.100.7")
    sign_in(phone, "an", PASSWORD)
    forger.cookies["houqin_device"] = phone.cookies["houqin_device"].value[:-2] + "xx"
    for _again in range(5):
        sign_in(forger, "an", "wrong-password")
    assert sign_in(forger, "an", PASSWORD) == 200
    assert "an" not in phone.cookies["houqin_device"].value.split(":")[0]
    assert phone.cookies["houqin_device"]["httponly"]


def test_a_device_stays_known_when_the_secret_key_is_changed(world: World, settings: Any) -> None:
    phone = at("203.0.113.9")
    assert sign_in(phone, "gao", PASSWORD) == 302
    request = RequestFactory().get("/")
    request.COOKIES = {"houqin_device": phone.cookies["houqin_device"].value}
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert is_known(request, "gao")
    assert not is_known(request, "an")
    settings.SECRET_KEY_FALLBACKS = []
    assert not is_known(request, "gao")
