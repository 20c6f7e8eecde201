"""Other systems are told what happened: signed, again and again, never inside, never more than the role sees."""

import hmac
import json
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from houqin.core.events.bus import emit
from houqin.core.grants.actions import end_grant
from houqin.core.grants.models import Grant
from houqin.core.notices.models import Notice
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.edge.api import reaching
from houqin.edge.api.actions.webhooks import end_webhook, pause_webhook, resume_webhook, send_again, set_up_webhook
from houqin.edge.api.jobs import tell_again
from houqin.edge.api.models import Delivery, Webhook
from houqin.edge.api.reaching import Unreachable, is_outside, resolve
from houqin.edge.api.tests.receiver import Receiver
from tests.jobs import run_jobs
from tests.world import NOON, World

STOPPED = "canteen.kitchen_stopped"


def set_up(
    world: World, receiver: Receiver, name: str = "gao", events: tuple[str, ...] = (STOPPED,)
) -> tuple[Webhook, str]:
    grant = Grant.objects.select_related("org", "account").get(account=getattr(world, name))
    return set_up_webhook(grant, by=world.viewer(name), label="区平台", url=receiver.url, events=events)


def stopped(world: World, at: Any = None) -> None:
    emit(STOPPED, by=world.system, org=at or world.school_a, subject=world.school_a, reason="不应外传")


def later(days: float = 0, minutes: float = 0) -> datetime:
    return NOON + timedelta(days=days, minutes=minutes)


def test_what_happens_is_told_at_once_and_signed(world: World, receiver: Receiver) -> None:
    _webhook, secret = set_up(world, receiver)
    stopped(world)
    run_jobs()
    (headers, body), row = receiver.got[0], Delivery.objects.get()
    assert len(receiver.got) == 1
    assert json.loads(body) == {
        "type": STOPPED, "timestamp": "2024-03-04T04:00:00+00:00",
        "data": {"unit": str(world.school_a.public_id), "id": str(world.school_a.public_id)},
    }  # fmt: skip
    sent = {name.lower(): value for name, value in headers.items()}
    signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
    key = b64decode(secret.removeprefix("whsec_"))
    assert sent["webhook-signature"] == f"v1,{b64encode(hmac.new(key, signed, sha256).digest()).decode()}"
    assert sent["webhook-id"] == str(row.public_id)
    assert (row.state, row.tries) == ("delivered", 1)
    assert secret not in str(Webhook.objects.values().get())


def test_only_what_was_asked_for_within_reach_and_within_the_role_is_told(world: World, receiver: Receiver) -> None:
    set_up(world, receiver)
    stopped(world, world.school_b)
    stopped(world, world.school_c)
    emit("canteen.kitchen_released", by=world.system, org=world.school_a)
    assert not Delivery.objects.exists()
    set_up(world, receiver, "bo")
    stopped(world, world.school_b)
    assert [row.webhook.org for row in Delivery.objects.all()] == [world.town]


def test_nobody_is_told_more_than_the_own_role_sees(world: World, receiver: Receiver) -> None:
    with pytest.raises(Refused):
        set_up(world, receiver, events=("audit.everything",))
    with pytest.raises(PermissionDenied):
        set_up(world, receiver, "an")
    assert not Webhook.objects.exists()


def test_with_the_role_ends_the_telling(world: World, receiver: Receiver) -> None:
    set_up(world, receiver)
    stopped(world)
    end_grant(Grant.objects.get(account=world.gao), by=world.viewer("bo"))
    run_jobs()
    assert receiver.got == []
    assert Delivery.objects.get().state == "failed"
    stopped(world)
    assert Delivery.objects.count() == 1


def test_what_fails_is_tried_again_later_each_time_under_the_same_id(world: World, receiver: Receiver) -> None:
    set_up(world, receiver)
    receiver.answers = 503
    stopped(world)
    run_jobs()
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.answer, row.next_at) == ("waiting", 1, "HTTP 503", later(minutes=1))
    tell_again.call()
    assert len(receiver.got) == 1
    with time_machine.travel(later(minutes=1), tick=False):
        tell_again.call()
    row.refresh_from_db()
    assert (row.tries, row.next_at) == (2, later(minutes=6))
    receiver.answers = 204
    with time_machine.travel(later(minutes=6), tick=False):
        tell_again.call()
        tell_again.call()
    row.refresh_from_db()
    assert (row.state, row.tries, len(receiver.got)) == ("delivered", 3, 3)
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert Webhook.objects.get().failing_since is None


def test_who_does_not_answer_for_days_is_switched_off_and_the_owner_told(world: World, receiver: Receiver) -> None:
    webhook, _secret = set_up(world, receiver)
    receiver.answers = 500
    stopped(world)
    run_jobs()
    with time_machine.travel(later(days=3), tick=False):
        tell_again.call()
    webhook.refresh_from_db()
    assert webhook.state == "failed"
    assert Notice.objects.filter(account=world.gao).count() == 1
    receiver.answers = 200
    with time_machine.travel(later(days=4), tick=False):
        tell_again.call()
        assert Delivery.objects.get().state == "waiting"
        resume_webhook(webhook, by=world.viewer("gao", now=later(days=4)))
        tell_again.call()
    assert Delivery.objects.get().state == "delivered"


def test_a_redirection_is_not_followed(world: World, receiver: Receiver) -> None:
    set_up(world, receiver)
    receiver.answers, receiver.location = 307, receiver.url
    stopped(world)
    run_jobs()
    assert len(receiver.got) == 1
    assert Delivery.objects.get().answer == "HTTP 307"


def test_while_paused_messages_wait(world: World, receiver: Receiver) -> None:
    webhook, _secret = set_up(world, receiver)
    pause_webhook(webhook, by=world.viewer("gao"))
    stopped(world)
    run_jobs()
    assert receiver.got == []
    resume_webhook(webhook, by=world.viewer("gao"))
    tell_again.call()
    assert len(receiver.got) == 1


def test_a_message_is_sent_once_more_by_hand(world: World, receiver: Receiver) -> None:
    webhook, _secret = set_up(world, receiver)
    stopped(world)
    run_jobs()
    send_again(Delivery.objects.get(), by=world.viewer("gao"))
    tell_again.call()
    assert len(receiver.got) == 2
    end_webhook(webhook, by=world.viewer("gao"))
    with pytest.raises(Refused):
        send_again(Delivery.objects.get(), by=world.viewer("gao"))


def test_a_foreign_school_touches_no_receiver(world: World, receiver: Receiver) -> None:
    webhook, _secret = set_up(world, receiver)
    for deed in (pause_webhook, end_webhook):
        with pytest.raises(NotVisible):
            deed(webhook, by=world.viewer("hu"))
    assert Webhook.objects.get().state == "on"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "::",
    ],
)  # fmt: skip
def test_no_address_of_the_own_network_is_outside(address: str) -> None:
    assert not is_outside(address)


def test_addresses_of_the_open_internet_are_outside() -> None:
    assert is_outside("93.184.216.34")
    assert is_outside("2606:4700:4700::1111")


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/", "https://127.0.0.1/", "https://[::1]/", "https://user:word@93.184.216.34/", "https:///x",
        "ftp://93.184.216.34/", "https://93.184.216.34:99999/", "https://0x7f000001/", "https://2130706433/", "https://localhost/",
    ],
)  # fmt: skip
def test_what_leads_inside_is_refused(url: str) -> None:
    with pytest.raises(Unreachable):
        resolve(url)


def test_a_name_that_means_an_inner_machine_beside_an_outer_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.5", 443))]
    monkeypatch.setattr(reaching.socket, "getaddrinfo", lambda *args, **more: answers)
    with pytest.raises(Unreachable):
        resolve("https://mixed.example/")
    monkeypatch.setattr(reaching.socket, "getaddrinfo", lambda *args, **more: answers[:1])
    assert resolve("https://mixed.example/a?b=c").address == "93.184.216.34"


def test_the_connection_goes_to_the_address_that_was_looked_at(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name would mean another machine by now: nobody asks again."""
    target = resolve(receiver.url)
    renamed = reaching.Target(target.scheme, "receiver.example", target.port, target.address, target.path)
    assert reaching.post(renamed, b"{}", {"Content-Type": "application/json"}) == 200
    headers = {name.lower(): value for name, value in receiver.got[0][0].items()}
    assert headers["host"] == f"receiver.example:{target.port}"


def test_a_message_that_cannot_be_signed_is_not_sent(world: World, receiver: Receiver, settings: Any) -> None:
    """The secret key was changed and the former one is not named: what would be signed with nothing proves nothing."""
    set_up(world, receiver)
    settings.SECRET_KEY = "another"
    stopped(world)
    run_jobs()
    row = Delivery.objects.get()
    assert (receiver.got, row.state, row.tries, bool(row.answer)) == ([], "waiting", 1, True)
