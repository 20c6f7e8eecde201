"""Keeping a photo while the sweep takes the same content away: whichever comes first, the row has its bytes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from houqin.core.files.actions import keep_photo
from houqin.core.files.keeping import name_of, open_bytes, storage
from houqin.core.files.models import Blob, StoredFile
from houqin.core.files.sweeping import sweep
from houqin.core.files.tests.pictures import jpeg, upload
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture
def folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


def test_a_photo_kept_while_its_content_is_swept_has_its_bytes(folder):
    world = make_world()
    later = timezone.now() + timedelta(days=2)
    for number in range(ROUNDS):
        photo = jpeg(200 + number, 100)

        def keep(photo=photo):
            return keep_photo(
                world.school_a, by=world.viewer("an"), upload=upload(photo), permission="canteen.view", name="米"
            )

        loose = keep()
        shards = {loose.blob.digest[:2], loose.thumbnail.digest[:2]}
        loose.delete()
        start = Barrier(3)

        def run(deed, start=start):
            try:
                start.wait()
                return deed()
            finally:
                connection.close()

        def sweep_them(shards=shards):
            return sum(sweep(shard, now=later) for shard in sorted(shards))

        with ThreadPoolExecutor(3) as pool:
            kept = list(pool.map(run, [keep, sweep_them, keep]))
        for file in (kept[0], kept[2]):
            with open_bytes(file.blob) as whole, open_bytes(file.thumbnail) as small:
                assert (len(whole.read()), len(small.read())) == (file.blob.size_bytes, file.thumbnail.size_bytes)
    assert StoredFile.objects.count() == 2 * ROUNDS
    assert all(storage().exists(name_of(blob.digest)) for blob in Blob.objects.all())
