"""Who is let in, how far, and how long."""

from datetime import date, timedelta

import pytest
from django.test import Client

from houqin.core.audit.models import AuditEntry
from houqin.core.grants.actions import end_grant
from houqin.core.grants.models import Grant
from houqin.core.people.actions.accounts import close_account
from houqin.core.places.actions import record_place
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.edge.api.actions.tokens import connect_device, issue_token, revoke_token
from houqin.edge.api.models import ApiToken
from houqin.edge.api.tests.caller import Caller, caller
from tests.world import TODAY, World

NEXT_YEAR = TODAY + timedelta(days=365)


def grant_of(world: World, name: str) -> Grant:
    return Grant.objects.select_related("org", "account").get(account=getattr(world, name))


def test_a_key_is_shown_once_and_only_its_digest_is_kept(world: World) -> None:
    token, secret = issue_token(
        grant_of(world, "an"), by=world.viewer("an"), label="进货程序", scopes=["canteen.view"], expires_on=NEXT_YEAR
    )
    assert secret.startswith("hq_")
    assert secret not in str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert Caller(token, secret).get("lots").status_code == 200
    entry = AuditEntry.objects.get(event="api.issued")
    assert entry.detail["scopes"] == ["canteen.view"]
    assert secret not in str(entry.detail)


@pytest.mark.parametrize("scopes", [[], ["grants.change"], ["canteen.view", "no.such"]])
def test_nobody_gives_a_program_more_than_the_own_role(world: World, scopes: list[str]) -> None:
    with pytest.raises(Refused):
        issue_token(grant_of(world, "an"), by=world.viewer("an"), label="x", scopes=scopes, expires_on=NEXT_YEAR)
    assert not ApiToken.objects.exists()


def test_nobody_gives_a_program_the_role_of_somebody_else(world: World) -> None:
    with pytest.raises(Refused):
        issue_token(
            grant_of(world, "an"), by=world.viewer("gao"), label="x", scopes=["canteen.view"], expires_on=NEXT_YEAR
        )
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=800)])
def test_a_key_ends_within_two_years(world: World, day: date) -> None:
    with pytest.raises(Refused):
        issue_token(grant_of(world, "an"), by=world.viewer("an"), label="x", scopes=["canteen.view"], expires_on=day)
    assert not ApiToken.objects.exists()


def test_a_device_stands_within_the_reach_of_the_role(world: World) -> None:
    elsewhere = record_place(world.school_b, by=world.system, kind="refrigerator", name="冰箱")
    with pytest.raises(NotVisible):
        connect_device(
            grant_of(world, "gao"),
            by=world.viewer("gao"),
            label="探头",
            kind="probe",
            place=elsewhere,
            expires_on=NEXT_YEAR,
        )
    assert not ApiToken.objects.exists()


def test_without_a_key_nothing_is_told(world: World) -> None:
    answer = Client().get("/api/v1/units")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="houqin"'
    assert answer["Content-Type"] == "application/problem+json"
    assert Client().get("/api/v1/units", headers={"Authorization": "Bearer hq_guess"}).status_code == 401
    assert Client().get("/api/v1/units", headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_a_signed_in_browser_is_no_key(world: World) -> None:
    client = Client()
    client.force_login(world.op, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/units").status_code == 401


def test_a_key_ends_with_its_role(world: World) -> None:
    program = caller(world.an)
    assert program.get("units").status_code == 200
    end_grant(grant_of(world, "an"), by=world.viewer("gao"))
    assert program.get("units").status_code == 401


def test_a_key_ends_with_the_account(world: World) -> None:
    program = caller(world.an)
    close_account(world.an, by=world.viewer("gao"), reason="离职")
    assert program.get("units").status_code == 401


def test_a_key_ends_on_its_day(world: World) -> None:
    program = caller(world.an, expires_on=TODAY)
    assert program.get("units").status_code == 401
    program = caller(world.an, expires_on=TODAY + timedelta(days=1))
    assert program.get("units").status_code == 200


def test_the_head_locks_any_program_of_the_school_out_and_others_do_not(world: World) -> None:
    program = caller(world.an)
    with pytest.raises(NotVisible):
        revoke_token(program.token, by=world.viewer("hu"))
    assert program.get("units").status_code == 200
    revoke_token(program.token, by=world.viewer("gao"), reason="丢失")
    assert program.get("units").status_code == 401
    with pytest.raises(Refused):
        revoke_token(program.token, by=world.viewer("gao"))


def test_scopes_narrower_than_the_role_are_respected(world: World) -> None:
    program = caller(world.gao, ["orgs.view"])
    assert program.get("units").status_code == 200
    refused = program.get("lots")
    assert refused.status_code == 403
    assert "canteen.view" in refused.json()["detail"]
    body = {"unit": str(world.school_a.public_id), "valid_from": "2024-03-01", "enrolment": 10}
    assert program.post("school-facts", body).status_code == 403


def test_a_scope_that_the_role_lost_is_worth_nothing(world: World) -> None:
    program = caller(world.an, ["orgs.view", "grants.change", "people.manage_accounts"])
    assert program.get("units").status_code == 200
    assert program.get("people").status_code == 403


def test_what_a_program_did_stands_on_the_trail_under_its_own_name(world: World) -> None:
    body = {"unit": str(world.school_a.public_id), "valid_from": "2024-03-01", "enrolment": 310}
    assert caller(world.gao).post("school-facts", body).status_code == 201
    entry = AuditEntry.objects.get(event="orgs.facts_recorded")
    assert (entry.actor_name, entry.channel, entry.actor_id) == ("高校长 · 订货程序", "api", world.gao.public_id)


def test_use_is_noted(world: World) -> None:
    program = caller(world.an)
    program.get("units")
    program.token.refresh_from_db()
    assert program.token.last_used_at is not None
