"""Photos are kept once by content, each row under its unit; what nothing names is swept."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from PIL import Image

from houqin.core.audit.models import AuditEntry
from houqin.core.files.actions import keep_photo
from houqin.core.files.jobs import sweep_files
from houqin.core.files.keeping import name_of, open_bytes
from houqin.core.files.models import Blob, StoredFile
from houqin.core.files.sweeping import SHARDS, shard_of, sweep
from houqin.core.files.tests.pictures import camera_exif, encoded, scene, upload
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import NotVisible, Refused
from tests.jobs import run_jobs
from tests.world import NOON


@pytest.fixture
def folder(settings, tmp_path):
    """A storage of one's own, on disk as in a school."""
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


def on_disk(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def keep(world, **options):
    given = {"by": world.viewer("an"), "upload": upload(), "permission": "canteen.view", "name": "大白菜"}
    return keep_photo(world.school_a, **{**given, **options})


def sweep_all(now):
    return sum(sweep(f"{number:02x}", now=now) for number in range(SHARDS))


def test_a_photo_is_kept_with_its_thumbnail_under_the_digest_of_its_content(world, folder):
    file = keep(world, upload=upload(encoded(scene(4000, 3000), exif=camera_exif())))
    assert (file.org, file.permission, file.data_class, file.name) == (
        world.school_a, "canteen.view", DataClass.OPERATIONAL, "大白菜",
    )  # fmt: skip
    assert (file.taken_at, file.stored_at) == (datetime(2024, 3, 4, 3, 58, 3, tzinfo=UTC), NOON)
    assert file.account == world.an
    assert (file.blob.media_type, file.blob.width, file.blob.height) == ("image/jpeg", 2048, 1536)
    assert (file.thumbnail.width, file.thumbnail.height) == (320, 240)
    assert on_disk(folder) == sorted(name_of(blob.digest) for blob in (file.blob, file.thumbnail))
    with open_bytes(file.blob) as content:
        assert Image.open(io.BytesIO(content.read())).size == (2048, 1536)


def test_the_trail_says_what_was_kept_by_its_digest(world, folder):
    file = keep(world)
    entry = AuditEntry.objects.get(event="files.photo_kept")
    assert (entry.subject_id, entry.org_path) == (str(file.public_id), world.school_a.path)
    assert entry.detail == {"digest": file.blob.digest, "data_class": "operational"}


def test_the_same_bytes_are_one_blob_with_a_row_for_each_unit_and_class(world, folder):
    first = keep(world)
    second = keep_photo(
        world.school_b, by=world.viewer("hu"), upload=upload(name="b.png"), permission="people.view_pupils",
        name="同一张", data_class=DataClass.MINOR,
    )  # fmt: skip
    assert first.blob == second.blob
    assert first.thumbnail == second.thumbnail
    assert (first.org, second.org) == (world.school_a, world.school_b)
    assert (first.data_class, second.data_class) == (DataClass.OPERATIONAL, DataClass.MINOR)
    assert (Blob.objects.count(), len(on_disk(folder))) == (2, 2)


def test_a_stamped_photo_is_another_content_than_the_bare_one(world, folder):
    assert keep(world).blob != keep(world, stamp="柳河中心小学 · 验收").blob


def test_the_moment_in_the_stamp_is_that_of_the_deed(world, folder, monkeypatch):
    from dataclasses import replace

    from houqin.core.files import actions

    said = []
    monkeypatch.setattr(actions, "stamp_lines", lambda *words: said.append(words) or ("x",))
    offline = replace(world.viewer("an"), captured_at=NOON - timedelta(hours=3))
    keep(world, by=offline, stamp="食堂")
    assert said == [("食堂", "2024-03-04 09:00", "安师傅", "an")]


def test_who_does_not_reach_the_unit_keeps_nothing_there(world, folder):
    with pytest.raises(NotVisible):
        keep(world, by=world.viewer("hu"))
    assert (StoredFile.objects.count(), Blob.objects.count(), on_disk(folder)) == (0, 0, [])


def test_what_is_no_photo_leaves_nothing_behind(world, folder):
    for content in (b"", b"<svg/>", b"\xff\xd8\xff\xe0cut"):
        with pytest.raises(Refused):
            keep(world, upload=upload(content))
    assert (StoredFile.objects.count(), Blob.objects.count(), on_disk(folder)) == (0, 0, [])
    assert not AuditEntry.objects.filter(event="files.photo_kept").exists()


def test_bytes_cut_short_by_a_power_cut_are_written_anew(world, folder):
    file = keep(world)
    path = folder / name_of(file.blob.digest)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    keep(world)
    assert path.read_bytes() == whole


def test_bytes_of_a_deed_that_was_rolled_back_are_swept_after_a_day(world, folder):
    with transaction.atomic():
        keep(world)
        transaction.set_rollback(True)
    assert len(on_disk(folder)) == 2
    assert sweep_all(timezone.now()) == 0
    assert len(on_disk(folder)) == 2
    assert sweep_all(timezone.now() + timedelta(hours=25)) == 2
    assert on_disk(folder) == []


def test_a_sweep_leaves_what_a_row_names(world, folder):
    file = keep(world)
    assert sweep_all(timezone.now() + timedelta(days=3)) == 0
    assert Blob.objects.count() == len(on_disk(folder)) == 2
    with open_bytes(file.thumbnail) as content:
        assert content.read(2) == b"\xff\xd8"


def test_bytes_go_with_the_last_row_that_names_them(world, folder):
    first, second = keep(world), keep(world)
    first.delete()
    assert sweep_all(timezone.now()) == 0
    second.delete()
    assert sweep_all(timezone.now()) == 2
    assert (Blob.objects.count(), on_disk(folder)) == (0, [])


def test_every_shard_has_its_turn():
    start = datetime(2024, 3, 4, tzinfo=UTC)
    turns = [shard_of(start + timedelta(hours=hour)) for hour in range(SHARDS)]
    assert len(set(turns)) == SHARDS
    assert set(map(len, turns)) == {2}


def test_the_job_sweeps_the_shard_whose_turn_it_is(world, folder):
    digest = "0" * 64
    storages["files"].save(name_of(digest), ContentFile(b"loose"))
    import time_machine

    later = timezone.now() + timedelta(days=2)
    turn = next(later + timedelta(hours=h) for h in range(SHARDS) if shard_of(later + timedelta(hours=h)) == "00")
    with time_machine.travel(turn, tick=False):
        sweep_files.enqueue()
        run_jobs()
    assert on_disk(folder) == []


def test_another_storage_takes_its_place(world, settings):
    settings.STORAGES = {**settings.STORAGES, "files": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    file = keep(world)
    with open_bytes(file.blob) as content:
        assert len(content.read()) == file.blob.size_bytes
