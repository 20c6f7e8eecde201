"""The pages: letting a program in, locking it out, receivers, and what the API says of itself."""

import re
from datetime import timedelta

from django.test import Client, override_settings

from houqin.core.grants.models import Grant
from houqin.core.places.actions import record_place
from houqin.edge.api.models import ApiToken, Webhook
from houqin.edge.api.tests.caller import Caller, caller
from houqin.edge.api.told import TOLD
from tests.world import TODAY, World

NEXT_YEAR = (TODAY + timedelta(days=365)).isoformat()


def signed_in(world: World, person: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(getattr(world, person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_program_is_let_in_by_the_page_which_shows_the_key_once(world: World) -> None:
    client, grant = signed_in(world, "an"), Grant.objects.get(account=world.an)
    page = client.get("/api/keys/new/").content.decode()
    assert "canteen.view" in page
    assert "grants.change" not in page
    assert "(api.issue)" not in page  # held, but no address of the API takes it
    answer = client.post(
        "/api/keys/new/",
        {"grant": grant.pk, "label": "进货程序", "scopes": ["canteen.view"], "expires_on": NEXT_YEAR},
        follow=True,
    )
    shown = re.search(r"hq_[\w-]{40,}", answer.content.decode())
    assert shown
    token = ApiToken.objects.get()
    assert Caller(token, shown[0]).get("lots").status_code == 200
    assert shown[0] not in client.get(answer.redirect_chain[-1][0]).content.decode()


def test_a_scope_beyond_the_own_role_is_not_taken_by_the_page(world: World) -> None:
    client, grant = signed_in(world, "an"), Grant.objects.get(account=world.an)
    answer = client.post(
        "/api/keys/new/", {"grant": grant.pk, "label": "x", "scopes": ["grants.change"], "expires_on": NEXT_YEAR}
    )
    assert answer.status_code == 422
    answer = client.post(
        "/api/keys/new/",
        {
            "grant": Grant.objects.get(account=world.gao).pk,
            "label": "x",
            "scopes": ["canteen.view"],
            "expires_on": NEXT_YEAR,
        },
    )
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_the_head_locks_it_out_after_being_asked_once_more(world: World) -> None:
    program = caller(world.an)
    client = signed_in(world, "gao")
    page = client.get(f"/api/keys/{program.token.public_id}/revoke-token/")
    assert page.status_code == 200
    assert program.get("units").status_code == 200
    client.post(f"/api/keys/{program.token.public_id}/revoke-token/", {"reason": "不再使用"})
    assert program.get("units").status_code == 401
    assert signed_in(world, "hu").get(f"/api/keys/{program.token.public_id}/").status_code == 404


def test_a_device_is_connected_by_the_page(world: World) -> None:
    fridge = record_place(world.school_a, by=world.system, kind="refrigerator", name="一号冰箱")
    client, grant = signed_in(world, "gao"), Grant.objects.get(account=world.gao)
    body = {"grant": grant.pk, "label": "探头", "kind": "probe", "place": fridge.pk, "expires_on": NEXT_YEAR}
    answer = client.post("/api/devices/new/", body, follow=True)
    assert re.search(r"hq_[\w-]{40,}", answer.content.decode())
    token = ApiToken.objects.get()
    assert (token.kind, token.place, token.scopes) == ("probe", fridge, ["api.send_readings"])


@override_settings(WEBHOOKS_INSIDE=True)
def test_a_receiver_is_set_up_paused_and_ended_by_the_page(world: World) -> None:
    client, grant = signed_in(world, "gao"), Grant.objects.get(account=world.gao)
    body = {"grant": grant.pk, "label": "区平台", "url": "http://127.0.0.1:9/hook", "events": ["ledgers.breached"]}
    answer = client.post("/api/receivers/new/", body, follow=True)
    assert "whsec_" in answer.content.decode()
    row = Webhook.objects.get()
    for deed, state in (("pause-webhook", "paused"), ("resume-webhook", "on"), ("end-webhook", "ended")):
        client.post(f"/api/receivers/{row.public_id}/{deed}/", {"reason": "x"})
        row.refresh_from_db()
        assert row.state == state


def test_an_address_inside_is_refused_with_what_was_typed_kept(world: World) -> None:
    client, grant = signed_in(world, "gao"), Grant.objects.get(account=world.gao)
    body = {
        "grant": grant.pk,
        "label": "区平台",
        "url": "https://169.254.169.254/latest",
        "events": ["ledgers.breached"],
    }
    answer = client.post("/api/receivers/new/", body)
    assert answer.status_code == 422
    assert "169.254.169.254" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_the_api_explains_itself_to_everybody_in_both_languages(world: World) -> None:
    for language in ("en", "zh-hans"):
        page = Client().get("/api/docs/", headers={"Accept-Language": language})
        text = page.content.decode()
        assert page.status_code == 200
        assert "POST /api/v1/deliveries" in text
        assert all(name in text for name in TOLD)
        assert '<script src="http' not in text
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"] == "3.1.0"
    assert schema["components"]["securitySchemes"]["Key"] == {"type": "http", "scheme": "bearer"}
