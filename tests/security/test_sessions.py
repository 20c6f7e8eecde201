"""Sessions: how long they last, how they end everywhere, and what nobody gets by managing an account."""

import time
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from houqin.core.audit.models import AuditEntry
from houqin.core.grants.models import Grant
from houqin.core.people.actions.accounts import give_new_password
from houqin.core.people.actions.sign_in import reset_second_factor, sign_out_everywhere
from houqin.core.people.models import Account
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from tests.security.test_second_factor import SET_UP, signed_in
from tests.world import World

HOME = "ui:home"


def is_in(client: Client) -> bool:
    return client.get(reverse(HOME)).status_code == 200


class TestIdle:
    def test_a_shared_computer_is_signed_out_after_the_hours_that_the_school_set(self, world: World) -> None:
        set_policy(world.school_a, by=world.viewer("gao"), code="grants.idle_hours", value=2, reason="值班室公用电脑")
        with time_machine.travel(timezone.now(), tick=False) as clock:
            here, elsewhere = signed_in("an")[0], signed_in("hu")[0]
            for _again in range(3):
                clock.shift(timedelta(hours=1, minutes=50))
                assert is_in(here), "who clicks now and then stays"
            clock.shift(timedelta(hours=2, minutes=1))
            assert here.get(reverse(HOME))["Location"] == reverse("account_login")
            assert "_auth_user_id" not in here.session
            assert is_in(elsewhere), "another school's rule does not concern them"

    def test_a_school_shortens_what_its_office_asks_and_never_lengthens_it(self, world: World) -> None:
        set_policy(world.town, by=world.viewer("bo"), code="grants.idle_hours", value=4, reason="网络安全要求")
        with pytest.raises(Refused):
            set_policy(world.school_a, by=world.viewer("gao"), code="grants.idle_hours", value=5, reason="嫌麻烦")
        set_policy(world.school_a, by=world.viewer("gao"), code="grants.idle_hours", value=1, reason="公用电脑")

    def test_a_session_that_was_open_before_the_rule_ends_too(self, world: World) -> None:
        client, _answer = signed_in("an")
        assert is_in(client)
        set_policy(world.school_a, by=world.viewer("gao"), code="grants.idle_hours", value=1, reason="公用电脑")
        session = client.session
        session["houqin.gate"] = {"at": time.time() - 601, "lacks": "", "idle": 14 * 24 * 3600}
        session["houqin.seen"] = time.time() - 3700
        session.save()
        assert not is_in(client)


class TestEverywhere:
    def test_one_click_ends_one_s_sessions_on_all_devices_and_nobody_else_s(self, world: World) -> None:
        phone, desk, other = signed_in("an")[0], signed_in("an")[0], signed_in("gao")[0]
        answer = desk.post(reverse("ui:sign-out-everywhere"))
        assert answer["Location"] == reverse("account_login")
        assert (is_in(phone), is_in(desk), is_in(other)) == (False, False, True)
        assert AuditEntry.objects.filter(event="people.signed_out_everywhere").count() == 1
        assert is_in(signed_in("an")[0])

    def test_whoever_manages_the_account_ends_them_when_a_phone_is_lost(self, world: World) -> None:
        phone = signed_in("an")[0]
        for name, met in (("hu", NotVisible), ("chen", NotVisible), ("shi", PermissionDenied)):
            with pytest.raises(met):
                sign_out_everywhere(world.an, by=world.viewer(name))
        assert is_in(phone)
        sign_out_everywhere(world.an, by=world.viewer("gao"))
        assert not is_in(phone)

    def test_a_new_password_ends_every_session_as_well(self, world: World) -> None:
        phone = signed_in("an")[0]
        give_new_password(world.an, by=world.viewer("gao"))
        assert not is_in(phone)


def test_nobody_takes_over_an_account_that_acts_above_them(world: World) -> None:
    """A teacher of school A who also works in the town's office: the school's head gives it no new key."""
    Grant.objects.create(account=world.lin, role="office_staff", org=world.town, from_on=date(2020, 1, 1))
    before = Account.objects.get(pk=world.lin.pk).password
    with pytest.raises(Refused):
        give_new_password(world.lin, by=world.viewer("gao"))
    with pytest.raises(Refused):
        reset_second_factor(world.lin, by=world.viewer("gao"), reason="手机丢失")
    assert Account.objects.get(pk=world.lin.pk).password == before
    give_new_password(world.lin, by=world.viewer("bo"))
    assert Account.objects.get(pk=world.lin.pk).password != before


class TestGrace:
    def test_the_days_of_grace_are_told_and_then_over(self, world: World) -> None:
        with time_machine.travel(timezone.now(), tick=False) as clock:
            by = world.viewer("bo", timezone.now())
            set_policy(world.town, by=by, code="grants.factor_grace", value=7, reason="分步实施")
            set_policy(world.town, by=by, code="grants.office_factor", value=True, reason="网络安全要求")
            client, _answer = signed_in("bai")
            page = client.get(reverse(HOME))
            assert page.status_code == 200
            assert reverse("mfa_index") in page.content.decode()
            assert len(list(page.context["messages"])) == 1, "told once, with the day"
            clock.shift(timedelta(days=7))
            client, _answer = signed_in("bai")
            assert client.get(reverse(HOME))["Location"] == reverse(SET_UP)

    def test_without_grace_it_holds_at_once(self, world: World) -> None:
        set_policy(world.town, by=world.viewer("bo"), code="grants.office_factor", value=True, reason="网络安全要求")
        client, _answer = signed_in("bai")
        assert client.get(reverse(HOME))["Location"] == reverse(SET_UP)
