"""Chains in words, a check on the spot, checkpoints to keep elsewhere, and keys for everybody."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from typer.testing import CliRunner

from houqin.config.cli import app
from houqin.config.health import keys as key_health
from houqin.core.audit.models import AuditEntry
from houqin.core.notices.models import Notice
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.seals import keys
from houqin.flows.seals.actions import check_chain, checks, make_checkpoints, rotate_key
from houqin.flows.seals.checkpoints import kept
from houqin.flows.seals.erasing import seal_erasure
from houqin.flows.seals.models import Chain, ChainCheck, Checkpoint, Seal, SigningKey
from houqin.flows.seals.rules import Header
from tests.jobs import run_jobs
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def chain(world: World) -> Chain:
    for _time in range(3):
        seal_erasure(world.school_a, by=world.viewer("gao"), part="content", items=[], why="试")
    return Chain.objects.get(org=world.school_a)


def damage(chain: Chain) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE seals_seal SET digest = %s WHERE org_id = %s AND number = 2", [bytes(32), chain.org_id])


def test_a_principal_checks_on_the_spot_and_is_told_in_words(client, world, chain):
    client.force_login(world.gao)
    page = client.get(f"/seals/chains/{chain.public_id}/")
    assert page.status_code == 200
    answer = client.post(f"/seals/chains/{chain.public_id}/check/", follow=True)
    assert answer.status_code == 200
    check = ChainCheck.objects.get()
    assert (check.state, check.result["count"], check.result["faults"]) == ("clean", 3, [])
    damage(chain)
    client.post(f"/seals/chains/{chain.public_id}/check/", follow=True)
    check = ChainCheck.objects.first()
    assert check.state == "faulty"
    assert {fault["kind"] for fault in check.result["faults"]} == {"altered", "content"}
    assert AuditEntry.objects.filter(event="seals.checked").count() == 2


def test_a_check_is_refused_to_those_who_may_not(client, world, chain):
    with pytest.raises(PermissionDenied):
        check_chain(chain, by=world.viewer("an"))
    with pytest.raises(NotVisible):
        check_chain(chain, by=world.viewer("hu"))
    assert ChainCheck.objects.count() == 0
    for name, code in (("an", 200), ("hu", 404), ("du", 403)):
        client.force_login(getattr(world, name))
        assert client.get(f"/seals/chains/{chain.public_id}/").status_code == code


def test_a_long_chain_is_checked_in_the_background_and_asked_for_once(client, world, chain, monkeypatch):
    monkeypatch.setattr(checks, "AT_ONCE", 2)
    check = check_chain(chain, by=world.viewer("gao"))
    assert check_chain(chain, by=world.viewer("bo")) == check
    client.force_login(world.gao)
    assert check.state == "running"
    assert client.get(f"/seals/chains/{chain.public_id}/").status_code == 200
    assert client.get(f"/seals/chains/{chain.public_id}/progress/").status_code == 200
    run_jobs()
    check.refresh_from_db()
    assert check.state == "clean"
    assert client.get(f"/seals/chains/{chain.public_id}/progress/")["HX-Redirect"].endswith(f"{chain.public_id}/")


def test_checkpoints_are_kept_elsewhere_as_a_file(client, world, chain):
    make_checkpoints(by=world.system)
    client.force_login(world.bo)
    assert client.get("/seals/checkpoints/").status_code == 200
    answer = client.get(f"/seals/checkpoints/file/?under={world.town.path}")
    file = b"".join(answer.streaming_content).decode()
    assert list(kept(file)) == [str(chain.public_id)]
    client.force_login(world.chen)
    assert kept(b"".join(client.get("/seals/checkpoints/file/").streaming_content).decode()) == {}


def test_everybody_reads_the_keys_and_takes_the_verifier(client, world, chain):
    assert client.get("/seals/keys/").status_code == 200
    make_checkpoints(by=world.system)
    row = SigningKey.objects.get()
    assert row.fingerprint in client.get("/seals/keys/").content.decode()
    assert client.get("/seals/keys.json").json()["keys"][0]["public"] == bytes(row.public).hex()
    assert client.get("/seals/verify.py").content.startswith(b"#!/usr/bin/env python3")


def test_a_chain_that_was_changed_is_told_to_those_who_may_check(world, chain):
    damage(chain)
    assert make_checkpoints(by=world.system) == {"signed": 0, "faulty": 1}
    assert set(Notice.objects.values_list("account__username", flat=True)) == {"gao", "bo", "bai", "eve", "op"}
    assert (ChainCheck.objects.get().state, Checkpoint.objects.count()) == ("faulty", 0)


def test_the_time_of_sealing_never_runs_backwards(world, chain):
    late = world.viewer("gao", now=NOON - timedelta(hours=1))
    seal_erasure(world.school_a, by=late, part="content", items=[], why="试")
    header = Header.unpack(bytes(Seal.objects.get(org=world.school_a, number=4).header))
    assert (header.sealed_at, header.captured_at) == (NOON, NOON - timedelta(hours=1))


def test_the_key_is_made_once_kept_private_and_never_replaced_silently(world, chain):
    make_checkpoints(by=world.system)
    assert keys.is_private()
    assert [found.level for found in key_health.examine()] == ["fine"]
    keys.private_path().chmod(0o644)
    assert [found.level for found in key_health.examine()] == ["mend"]
    keys.private_path().unlink()
    assert [found.level for found in key_health.examine()] == ["mend"]
    with pytest.raises(Refused):
        make_checkpoints(by=world.system)
    keys.make_signer()
    with pytest.raises(Refused):
        make_checkpoints(by=world.system)
    with pytest.raises(Refused):
        rotate_key(by=world.viewer("op"), why="换")
    with pytest.raises(Refused):
        rotate_key(by=world.system, why=" ")
    rotate_key(by=world.system, why="遗失")
    seal_erasure(world.school_a, by=world.viewer("gao"), part="content", items=[], why="试")
    assert make_checkpoints(by=world.system) == {"signed": 1, "faulty": 0}
    assert [found.level for found in key_health.examine()] == ["fine"]


def houqin(*words: str):
    return CliRunner().invoke(app, list(words))


def test_the_command_line_signs_exports_and_verifies(world, chain, tmp_path):
    assert json.loads(houqin("seals", "sign", "--json").stdout) == {"signed": 1, "faulty": 0}
    file = tmp_path / "checkpoints.json"
    file.write_text(houqin("seals", "export").stdout, "utf-8")
    told = houqin("seals", "verify", "--json", "--checkpoints", str(file))
    assert (told.exit_code, json.loads(told.stdout)["clean"], json.loads(told.stdout)["seals"]) == (0, True, 3)
    assert houqin("seals", "verify", "--checkpoints", str(tmp_path / "none")).exit_code == 2
    assert len(json.loads(houqin("seals", "keys", "--json").stdout)["keys"]) == 1
    damage(chain)
    told = houqin("seals", "verify", "--headers-only")
    assert (told.exit_code, "2" in told.stdout) == (1, True)
    with connection.cursor() as cursor:
        for table in ("seals_seal", "seals_checkpoint", "seals_chain"):
            cursor.execute(f"DELETE FROM {table} WHERE org_id = %s", [chain.org_id])
    told = houqin("seals", "verify", "--json", "--checkpoints", str(file))
    assert (told.exit_code, json.loads(told.stdout)["missing"]) == (1, [str(chain.public_id)])
