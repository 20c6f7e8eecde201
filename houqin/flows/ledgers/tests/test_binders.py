"""A binder is proved by its own verifier alone; whatever is changed in it is named."""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.files.keeping import open_bytes
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.ledgers.actions.binders import ask_binder, expire_binders, take_binder
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.tests.sealed import keep_ledgers
from houqin.flows.seals import keys, standalone
from houqin.flows.seals.actions import make_checkpoints, rotate_key
from houqin.flows.seals.erasing import seal_erasure
from houqin.flows.seals.models import Binder
from houqin.flows.seals.standalone import verify
from tests.jobs import run_jobs
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db
VERIFIER = Path(standalone.__file__).parent / "verify.py"


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR = tmp_path / "var"


def built(world: World, name: str = "gao", **options) -> Binder:
    given = {"org": world.school_a, "first": TODAY, "last": TODAY} | options
    binder = ask_binder(by=world.viewer(name), **given)
    run_jobs()
    binder.refresh_from_db()
    return binder


def unpacked(binder: Binder, folder: Path) -> Path:
    with open_bytes(binder.file.blob) as file, zipfile.ZipFile(io.BytesIO(file.read())) as pack:
        pack.extractall(folder)
    return folder


@pytest.fixture
def binder(world: World) -> Binder:
    keep_ledgers(world)
    make_checkpoints(by=world.system)
    return built(world, names=True)


@pytest.fixture
def folder(binder, tmp_path) -> Path:
    return unpacked(binder, tmp_path / "binder")


def fingerprint() -> str:
    return verify.sha(next(iter(keys.trusted()))).hex()


def said(path: Path, capsys, *options: str) -> tuple[int, str]:
    code = verify.main([str(path), *options])
    return code, capsys.readouterr().out


def faults(path: Path) -> list[tuple[str, int]]:
    check = verify.Check(verify.Pack(path), [])
    check.files()
    check.chain(check.checkpoints())
    check.contents()
    return [
        (fault.kind, fault.number) for fault in sorted(check.faults) if not fault.kind.startswith(("file", "binder"))
    ]


def resign(folder: Path) -> None:
    """The forger's last step: a list of files that fits what he changed (he has no key to sign it)."""
    about = json.loads((folder / "binder.json").read_text("utf-8"))
    pack = verify.Pack(folder)
    about["files"] = {name: pack.digest(name) for name in pack.names() if not name.startswith("binder.")}
    (folder / "binder.json").write_text(json.dumps(about), "utf-8")
    (folder / "binder.sig").write_text('{"key": "", "signature": ""}')


def links(folder: Path) -> list[bytes]:
    raw = (folder / "seals.bin").read_bytes()
    return [raw[at : at + 129] for at in range(0, len(raw), 129)]


def put_links(folder: Path, rows: list[bytes]) -> None:
    (folder / "seals.bin").write_bytes(b"".join(rows))


def lines(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "entries.jsonl").read_text("utf-8").splitlines()]


def put_lines(folder: Path, rows: list[dict]) -> None:
    (folder / "entries.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def flip(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def test_a_binder_is_proved_as_zip_and_as_folder_with_the_key_from_elsewhere(binder, folder, tmp_path, capsys):
    packed = tmp_path / "b.zip"
    with open_bytes(binder.file.blob) as file, packed.open("wb") as out:
        shutil.copyfileobj(file, out)
    for path in (packed, folder):
        code, text = said(path, capsys, "--key", fingerprint())
        assert (code, "未发现改动" in text, "No change found" in text) == (0, True, True), text
        code, text = said(path, capsys)
        assert (code, "--key" in text) == (3, True)
        code, text = said(path, capsys, "--key", "00" * 32)
        assert code == 3


def test_the_verifier_runs_alone_from_inside_the_binder(folder):
    """In a Python that has nothing of Houqin on its path."""
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), str(folder), "--key", fingerprint()],
        capture_output=True, text=True, check=False, cwd=folder, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "verify.py").read_bytes() == VERIFIER.read_bytes()


def test_every_file_that_is_changed_added_or_gone_is_named(folder, capsys):
    (folder / "index.html").write_text("!", "utf-8")
    photo = next((folder / "photos").iterdir())
    photo.unlink()
    (folder / "more.txt").write_text("!")
    code, text = said(folder, capsys, "--key", fingerprint())
    assert code == 1
    assert ("index.html" in text, photo.name in text, "more.txt" in text) == (True, True, True)
    resign(folder)
    assert said(folder, capsys, "--key", fingerprint())[0] == 3  # nothing vouches for the list any more


def test_a_list_of_files_changed_under_its_signature_is_named(folder, capsys):
    about = (folder / "binder.json").read_text("utf-8")
    (folder / "binder.json").write_text(about.replace("2024-03-04", "2024-03-05"), "utf-8")
    code, text = said(folder, capsys)
    assert (code, "签名不符" in text) == (1, True)


@pytest.mark.parametrize("where", [10, 45, 60, 70])
def test_a_changed_byte_of_header_or_digest_is_named(folder, where):
    rows = links(folder)
    rows[2] = flip(rows[2], where)
    put_links(folder, rows)
    assert faults(folder)[0][1] in (0, 3)
    assert {number for _kind, number in faults(folder)} & {3}


def test_a_changed_seal_is_named(folder):
    rows = links(folder)
    rows[2] = flip(rows[2], 128)
    put_links(folder, rows)
    assert faults(folder) == [("seal", 3)]


def test_a_changed_content_is_named(folder):
    rows = lines(folder)
    rows[2]["text"] = rows[2]["text"].replace('"temperature":32', '"temperature":22')
    put_lines(folder, rows)
    assert faults(folder) == [("content", 3)]


def test_a_deleted_entry_is_named_and_so_is_its_seal(folder):
    put_lines(folder, [row for row in lines(folder) if row["n"] != 4])
    assert faults(folder) == [("content_gone", 4)]
    put_links(folder, [row for number, row in enumerate(links(folder), 1) if number != 4])
    assert faults(folder) == [("missing", 4)]


def test_swapped_seals_and_swapped_contents_are_named(folder):
    rows = links(folder)
    rows[2], rows[5] = rows[5], rows[2]
    put_links(folder, rows)
    assert faults(folder) == [("swapped", 3)]
    rows[2], rows[5] = rows[5], rows[2]
    put_links(folder, rows)
    texts = lines(folder)
    texts[1]["text"], texts[2]["text"] = texts[2]["text"], texts[1]["text"]
    put_lines(folder, texts)
    assert faults(folder) == [("content_swapped", 2)]


def test_a_cut_tail_is_found_against_the_checkpoint(folder):
    rows, about = links(folder), json.loads((folder / "binder.json").read_text("utf-8"))
    put_links(folder, rows[:6])
    put_lines(folder, lines(folder)[:6])
    about |= {"length": 6, "head": rows[5][-32:].hex()}
    (folder / "binder.json").write_text(json.dumps(about), "utf-8")
    assert faults(folder) == [("cut_held", 7)]


def test_a_chain_rewritten_whole_is_found_against_the_checkpoint(folder):
    before, texts, forged = bytes(32), lines(folder), []
    for row, line in zip(links(folder), texts, strict=True):
        line["text"] = line["text"].replace('"temperature":31', '"temperature":21')
        digest = verify.sha(line["text"].encode())
        before = verify.sha(before, row[:65], digest)
        forged.append(row[:65] + digest + before)
    put_links(folder, forged)
    put_lines(folder, texts)
    about = json.loads((folder / "binder.json").read_text("utf-8")) | {"head": before.hex()}
    (folder / "binder.json").write_text(json.dumps(about), "utf-8")
    assert faults(folder) == [("rewritten", 1)]


def test_an_inserted_record_and_a_back_dated_one_are_named(folder):
    rows = lines(folder)
    put_lines(folder, [*rows, rows[0] | {"id": "0190b7a0-0000-7000-8000-000000000001"}])
    assert faults(folder) == [("unsealed", 0)]
    put_lines(folder, rows)
    old = links(folder)
    header = old[7][:49] + (int.from_bytes(old[7][49:57], "big") - 10**12).to_bytes(8, "big") + old[7][57:65]
    digest = old[7][65:97]
    seal = verify.sha(old[6][-32:], header, digest)
    put_links(folder, [*old[:7], header + digest + seal])
    about = json.loads((folder / "binder.json").read_text("utf-8")) | {"head": seal.hex()}
    (folder / "binder.json").write_text(json.dumps(about), "utf-8")
    assert ("time", 8) in faults(folder)


def test_a_changed_name_is_named_and_an_erased_one_is_not(folder, world, tmp_path):
    rows = lines(folder)
    rows[5]["personal"]["lines/0/name"][1] = "张四"
    put_lines(folder, rows)
    assert faults(folder) == [("personal", 6)]
    del rows[5]["personal"]["lines/0/name"]
    put_lines(folder, rows)
    assert faults(folder) == [("personal_gone", 6)]
    entry = LedgerEntry.objects.get(public_id=rows[5]["id"])
    LedgerEntry.objects.filter(public_id=entry.public_id).update(personal="")
    seal_erasure(world.school_a, by=world.viewer("gao"), part="personal", items=[entry.public_id], why="本人要求")
    whole = unpacked(built(world, names=True), tmp_path / "second")
    assert faults(whole) == []


def test_without_names_nobody_is_named_and_the_proof_is_the_same(world, tmp_path, capsys):
    keep_ledgers(world)
    make_checkpoints(by=world.system)
    folder = unpacked(built(world, "bo"), tmp_path / "binder")
    text = "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.suffix in {".html", ".jsonl", ".json"})
    assert [name for name in ("张三", "李四", "王五", "高校长") if name in text] == []
    assert said(folder, capsys, "--key", fingerprint())[0] == 0
    assert len(list((folder / "photos").iterdir())) == 1


def test_a_period_holds_its_own_days_only_and_proves_that_nothing_of_them_is_missing(world, tmp_path):
    keep_ledgers(world)
    folder = unpacked(built(world, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=9)), tmp_path / "b")
    assert (lines(folder), faults(folder)) == ([], [])
    about = json.loads((folder / "binder.json").read_text("utf-8")) | {"first": "2024-03-04"}
    (folder / "binder.json").write_text(json.dumps(about), "utf-8")
    assert {kind for kind, _number in faults(folder)} == {"content_gone"}


def test_after_the_key_was_changed_both_keys_prove_what_they_signed(world, tmp_path, capsys):
    keep_ledgers(world)
    make_checkpoints(by=world.system)
    first = fingerprint()
    second = rotate_key(by=world.system, why="换服务器")
    folder = unpacked(built(world), tmp_path / "b")
    assert said(folder, capsys, "--key", first)[0] == 3
    assert said(folder, capsys, "--key", second.fingerprint)[0] == 0


def test_a_binder_is_refused_to_those_who_may_not_and_where_nothing_is_sealed(world):
    days = {"first": TODAY, "last": TODAY}
    with pytest.raises(Refused):
        ask_binder(by=world.viewer("gao"), org=world.school_a, **days)
    keep_ledgers(world)
    with pytest.raises(PermissionDenied):
        ask_binder(by=world.viewer("an"), org=world.school_a, **days)
    with pytest.raises(NotVisible):
        ask_binder(by=world.viewer("hu"), org=world.school_a, **days)
    with pytest.raises(PermissionDenied):
        ask_binder(by=world.viewer("bo"), org=world.school_a, names=True, **days)
    for first, last in ((TODAY, date(2024, 3, 3)), (date(2022, 1, 1), TODAY)):
        with pytest.raises(Refused):
            ask_binder(by=world.viewer("gao"), org=world.school_a, first=first, last=last)
    assert Binder.objects.count() == 0
    assert ask_binder(by=world.viewer("gao"), org=world.school_a, **days) == ask_binder(
        by=world.viewer("gao"), org=world.school_a, **days
    )


def test_a_binder_with_names_goes_only_to_those_who_may_see_them_and_is_gone_after_a_month(binder, world, client):
    with pytest.raises(PermissionDenied):
        take_binder(binder, by=world.viewer("bo"))
    client.force_login(world.gao)
    page = client.get(f"/ledgers/binders/{binder.public_id}/")
    assert page.status_code == 200
    answer = client.post(f"/ledgers/binders/{binder.public_id}/take/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    client.force_login(world.bo)
    assert client.post(f"/ledgers/binders/{binder.public_id}/take/").status_code == 403
    client.force_login(world.hu)
    assert client.post(f"/ledgers/binders/{binder.public_id}/take/").status_code == 404
    Binder.objects.update(finished_at=world.system.now - timedelta(days=31))
    assert expire_binders(by=world.system) == 1
    binder.refresh_from_db()
    with pytest.raises(Refused):
        take_binder(binder, by=world.viewer("gao"))
