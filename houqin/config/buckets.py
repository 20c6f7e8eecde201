"""Where photos and files lie: a private folder, or a bucket that speaks S3 (MinIO, Ceph, or a cloud's)."""

from pathlib import Path
from typing import Any

from houqin.config import env


def files_storage(folder: Path) -> dict[str, Any]:
    """Django's entry in STORAGES. Names are made of the content, so that writing one again writes the same."""
    bucket = env.text("HOUQIN_FILES_S3_BUCKET")
    if bucket:
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _bucket(bucket)}
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    }


def _bucket(name: str) -> dict[str, Any]:
    """Nothing in it is public, and no address of it is ever handed out: files go through Houqin, which asks for permission."""
    from botocore.config import Config

    return {
        "bucket_name": name,
        "endpoint_url": env.text("HOUQIN_FILES_S3_ENDPOINT") or None,
        "region_name": env.text("HOUQIN_FILES_S3_REGION") or None,
        "access_key": env.text("HOUQIN_FILES_S3_KEY") or None,
        "secret_key": env.text("HOUQIN_FILES_S3_SECRET") or None,
        "default_acl": "private",
        "file_overwrite": True,
        "client_config": Config(
            signature_version="s3v4",
            s3={"addressing_style": env.one_of("HOUQIN_FILES_S3_STYLE", ("auto", "path", "virtual"))},
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 3, "mode": "standard"},
            # Many that speak S3 do not know the newer check sums; the name of a file is its check sum already.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }
