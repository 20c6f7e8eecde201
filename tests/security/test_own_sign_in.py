"""An office's own sign-in (OpenID Connect): only to accounts that an office opened, linked by a verified e-mail or by hand."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from houqin.config import sign_ins
from houqin.config.env import SettingError
from houqin.config.health import sign_in as health
from houqin.core.audit.models import AuditEntry
from houqin.core.people.actions.sign_in import remove_own_sign_in
from houqin.core.people.models import Account
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from tests.security.oidc import CLIENT, SECRET, Office
from tests.security.test_second_factor import CODE, SIGN_IN, code_of, set_up, signed_in
from tests.world import World


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    """The town's own sign-in, as the environment would describe it."""
    server = Office()
    found = (sign_ins.OwnSignIn("office", "柳河镇统一认证", server.address, CLIENT, SECRET),)
    settings.OWN_SIGN_INS = found
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": sign_ins.as_apps(found)}}
    yield server
    if not server.closed:
        server.close()


@pytest.fixture
def mailed(world: World) -> World:
    """Bo's office has entered his e-mail."""
    Account.objects.filter(pk=world.bo.pk).update(email="Bo@example.edu.cn")
    return world


def who(client: Client) -> str:
    """The user name of who is signed in."""
    pk = client.session.get("_auth_user_id")
    return Account.objects.get(pk=pk).username if pk else ""


def require_own(world: World) -> None:
    set_policy(world.town, by=world.viewer("bo"), code="grants.own_only", value=True, reason="统一身份认证")


def test_a_verified_e_mail_finds_the_account_and_keeps_its_password(mailed: World, office: Office) -> None:
    client = Client()
    assert "柳河镇统一认证" in client.get(reverse(SIGN_IN)).content.decode()
    assert office.come_back(client)["Location"] == "/"
    assert who(client) == "bo"
    assert SocialAccount.objects.get().user == mailed.bo
    assert AuditEntry.objects.get(event="people.own_sign_in_linked").subject_id == str(mailed.bo.public_id)
    office.says = {"sub": "u-1", "email": "new@example.edu.cn", "email_verified": True}  # linked: the e-mail may change
    again = Client()
    office.come_back(again)
    assert who(again) == "bo"
    assert signed_in("bo")[1]["Location"] == "/"
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    "says",
    [
        {"sub": "u-2", "email": "nobody@example.edu.cn", "email_verified": True},
        {"sub": "u-3", "email": "bo@example.edu.cn", "email_verified": False},
        {"sub": "u-4", "email": "bo@example.edu.cn"},
        {"sub": "u-5"},
    ],
    ids=["unknown", "unverified", "unsaid", "no e-mail"],
)
def test_whom_no_account_belongs_to_is_told_what_to_do(mailed: World, office: Office, says: dict[str, Any]) -> None:
    office.says = says
    before = Account.objects.count()
    client = Client()
    answer = office.come_back(client)
    assert answer.status_code == 403
    assert reverse(SIGN_IN) in answer.content.decode()
    assert (who(client), Account.objects.count(), SocialAccount.objects.count()) == ("", before, 0)


def test_a_closed_account_and_one_of_two_with_the_same_e_mail_are_not_found(mailed: World, office: Office) -> None:
    Account.objects.filter(pk=mailed.bai.pk).update(email="bo@example.edu.cn")
    client = Client()
    assert office.come_back(client).status_code == 403
    Account.objects.filter(pk__in=[mailed.bo.pk, mailed.bai.pk]).update(is_active=False)
    assert office.come_back(client).status_code == 403
    assert who(client) == ""


def test_it_is_linked_by_hand_and_never_to_two_accounts(world: World, office: Office) -> None:
    client, _answer = signed_in("bo")
    assert client.get(reverse("socialaccount_connections")).status_code == 200
    office.come_back(client, process="connect")
    assert SocialAccount.objects.get().user == world.bo
    other, _answer = signed_in("bai")
    office.come_back(other, process="connect")
    assert SocialAccount.objects.get().user == world.bo
    assert who(other) == "bai"
    fresh = Client()
    office.come_back(fresh)
    assert who(fresh) == "bo"


def test_a_link_begins_with_a_button_and_its_state_is_used_once(mailed: World, office: Office) -> None:
    client = Client()
    shown = client.get("/accounts/own/oidc/office/login/?process=connect")
    assert shown.status_code == 200, "an address alone leads nowhere"
    left = client.post("/accounts/own/oidc/office/login/")
    back = office.authorize(left["Location"])
    stranger = Client()
    assert stranger.get("/accounts/own/oidc/office/login/callback/", back).status_code == 401
    assert who(stranger) == ""
    forged = client.get("/accounts/own/oidc/office/login/callback/", {**back, "state": "forged"})
    assert forged.status_code == 401
    assert who(client) == ""
    assert client.post("/accounts/own/oidc/elsewhere/login/").status_code == 404


def test_an_office_that_does_not_answer_is_told_in_words(mailed: World, office: Office) -> None:
    office.broken = True
    client = Client()
    answer = office.come_back(client)
    assert answer.status_code == 401
    assert reverse(SIGN_IN) in answer.content.decode()
    cancelled = client.get("/accounts/own/oidc/office/login/callback/", {"error": "access_denied"}, follow=True)
    assert cancelled.status_code in (200, 401)
    assert who(client) == ""


def test_the_second_factor_is_asked_for_here_too(mailed: World, office: Office) -> None:
    client, _answer = signed_in("bo")
    secret = set_up(client)
    client = Client()
    assert office.come_back(client)["Location"] == reverse(CODE)
    assert who(client) == ""
    client.post(reverse(CODE), {"code": code_of(secret)})
    assert who(client) == "bo"


class TestRequired:
    def test_a_password_does_not_suffice_any_more(self, mailed: World, office: Office) -> None:
        require_own(mailed)
        client, answer = signed_in("bo")
        assert answer.status_code == 200
        assert who(client) == ""
        office.come_back(client)
        assert who(client) == "bo"
        assert client.get(reverse("ui:home")).status_code == 200

    def test_who_is_signed_in_by_password_has_to_come_again(self, mailed: World, office: Office) -> None:
        client, _answer = signed_in("bo")
        require_own(mailed)
        session = client.session
        session.pop("houqin.gate", None)
        session.save()
        assert client.get(reverse("ui:home"))["Location"] == reverse(SIGN_IN)
        assert who(client) == ""

    def test_schools_and_foreign_units_are_unaffected(self, mailed: World, office: Office) -> None:
        require_own(mailed)
        for username in ("gao", "an", "chen", "op"):
            assert signed_in(username)[1]["Location"] == "/", username

    def test_without_a_sign_in_set_up_nobody_is_locked_out(self, mailed: World) -> None:
        require_own(mailed)
        assert signed_in("bo")[1]["Location"] == "/"


def test_a_link_is_taken_away_by_whoever_manages_accounts(mailed: World, office: Office) -> None:
    office.come_back(Client())
    with pytest.raises(NotVisible):
        remove_own_sign_in(mailed.bo, by=mailed.viewer("chen"), reason="调离")
    remove_own_sign_in(mailed.bo, by=mailed.viewer("op"), reason="调离")
    assert not SocialAccount.objects.exists()
    with pytest.raises(Refused):
        remove_own_sign_in(mailed.bo, by=mailed.viewer("op"), reason="调离")


def test_the_environment_describes_sign_ins_whole_or_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOUQIN_OIDC", "city")
    with pytest.raises(SettingError, match="HOUQIN_OIDC_CITY_SERVER"):
        sign_ins.from_environment()
    for part, value in (("SERVER", "http://sso.example.cn"), ("CLIENT", "houqin"), ("SECRET", "x")):
        monkeypatch.setenv(f"HOUQIN_OIDC_CITY_{part}", value)
    with pytest.raises(SettingError, match="https"):
        sign_ins.from_environment()
    monkeypatch.setenv("HOUQIN_OIDC_CITY_SERVER", "https://sso.example.cn/realms/edu/")
    (found,) = sign_ins.from_environment()
    assert (found.name, found.server) == ("city", "https://sso.example.cn/realms/edu")
    assert sign_ins.origins((found,)) == ["https://sso.example.cn"]
    monkeypatch.setenv("HOUQIN_OIDC", "市局")
    with pytest.raises(SettingError):
        sign_ins.from_environment()


def test_the_doctor_says_who_is_missing_and_whether_offices_answer(
    mailed: World, office: Office, settings: Any
) -> None:
    set_policy(mailed.town, by=mailed.viewer("bo"), code="grants.office_factor", value=True, reason="网络安全要求")
    client, _answer = signed_in("bo")
    set_up(client)
    found = {finding.check: finding for finding in health.examine()}
    assert (found["second-factor"].level, found["own-sign-in"].level) == ("note", "fine")
    assert "2" in found["second-factor"].message  # Bo and Bai, of whom one has it
    office.close()
    assert {finding.check: finding.level for finding in health.examine()}["own-sign-in"] == "mend"
    require_own(mailed)
    settings.OWN_SIGN_INS = ()
    assert [finding.check for finding in health.examine()] == ["sign-in", "second-factor"]
