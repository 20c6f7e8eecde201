"""Photos in a bucket: kept once under the digest of their content, private, read back, taken away. Against moto's S3 server."""

import hashlib
from collections.abc import Iterator
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from moto.server import ThreadedMotoServer

from houqin.config import buckets, env
from houqin.config.health import surroundings
from houqin.core.files.keeping import keep_bytes, keep_file, name_of, open_bytes
from houqin.core.files.models import Blob
from houqin.core.files.sweeping import sweep

KEY, SECRET, REGION = "houqin", "not-a-real-secret", "cn-north-1"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    yield "http://{}:{}".format(*moto.get_host_and_port())
    moto.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """An empty bucket, and Houqin set to it by the environment as an operator would."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    client = boto3.client(
        "s3", endpoint_url=server, region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )
    client.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})
    (tmp_path / "s3-secret").write_text(SECRET + "\n")
    for name, value in {
        "BUCKET": "files", "ENDPOINT": server, "REGION": REGION, "KEY": KEY, "SECRET_FILE": str(tmp_path / "s3-secret"),
        "STYLE": "path",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"HOUQIN_FILES_S3_{name}", value)
    settings.STORAGES = {**settings.STORAGES, "files": buckets.files_storage(tmp_path)}
    yield client
    for name in keys(client):
        client.delete_object(Bucket="files", Key=name)
    client.delete_bucket(Bucket="files")


def keys(client: Any) -> list[str]:
    return [found["Key"] for found in client.list_objects_v2(Bucket="files").get("Contents", [])]


@pytest.mark.django_db(transaction=False)
def test_the_same_bytes_are_kept_once_under_their_digest_and_read_back(bucket: Any) -> None:
    content = b"a photo" * 1_000
    first = keep_bytes(content, "image/jpeg", width=1, height=1)
    again = keep_bytes(content, "image/jpeg", width=1, height=1)
    digest = hashlib.sha256(content).hexdigest()
    assert first.pk == again.pk
    assert keys(bucket) == [name_of(digest)] == [f"{digest[:2]}/{digest}"]
    with open_bytes(first) as file:
        assert file.read() == content


@pytest.mark.django_db
def test_nothing_in_the_bucket_is_public(bucket: Any) -> None:
    blob = keep_bytes(b"a photo", "image/jpeg", width=1, height=1)
    grants = bucket.get_object_acl(Bucket="files", Key=name_of(blob.digest))["Grants"]
    assert [(grant["Grantee"]["Type"], grant["Permission"]) for grant in grants] == [("CanonicalUser", "FULL_CONTROL")]


@pytest.mark.django_db
def test_a_large_file_travels_in_pieces_and_comes_back_whole(bucket: Any) -> None:
    content = bytes(range(256)) * 4 * 1024 * 9  # 9 MB: more than one part
    blob = keep_file(BufferedReader(cast("Any", BytesIO(content))), "application/zip")
    assert bucket.head_object(Bucket="files", Key=name_of(blob.digest))["ContentLength"] == len(content)
    with open_bytes(blob) as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == blob.digest


@pytest.mark.django_db
def test_what_nothing_names_is_swept_from_the_bucket(bucket: Any) -> None:
    from django.utils import timezone

    blob = keep_bytes(b"a photo", "image/jpeg", width=1, height=1)
    assert sweep(blob.digest[:2], now=timezone.now()) == 1
    assert (keys(bucket), Blob.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_the_doctor_writes_and_takes_away_one_small_file(bucket: Any) -> None:
    assert [found.level for found in surroundings._storage()] == ["fine"]
    assert keys(bucket) == []


@pytest.mark.django_db
def test_a_bucket_that_is_not_there_must_be_mended(bucket: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setenv("HOUQIN_FILES_S3_BUCKET", "elsewhere")
    settings.STORAGES = {**settings.STORAGES, "files": buckets.files_storage(Path("unused"))}
    [found] = surroundings._storage()
    assert (found.level, SECRET in found.message) == ("mend", False)


def test_without_a_bucket_files_lie_in_a_private_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOUQIN_FILES_S3_BUCKET", raising=False)
    options = buckets.files_storage(tmp_path)["OPTIONS"]
    assert options == {"location": tmp_path, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}


def test_a_style_that_does_not_exist_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOUQIN_FILES_S3_BUCKET", "files")
    monkeypatch.setenv("HOUQIN_FILES_S3_STYLE", "sideways")
    with pytest.raises(env.SettingError, match="auto or path or virtual"):
        buckets.files_storage(tmp_path)
