"""Settings of the tests: the real ones, with what makes tests slow, loud or dependent on a build taken out."""

import os
from pathlib import Path

# Before the real settings are read: a test never writes into the installation's own var/.
os.environ.setdefault("HOUQIN_VAR", str(Path(__file__).resolve().parents[1] / "var" / "tests"))
for name in (
    "HOUQIN_DEBUG",
    "HOUQIN_OIDC",
    "HOUQIN_HTTPS",
    "HOUQIN_SECRET_KEY",
    "HOUQIN_SECRET_KEY_FALLBACKS",
    "EMAIL_HOST",
    "REDIS_URL",
    "HOUQIN_REPLICA_URL",
    "HOUQIN_BACKUP_DIR",
):
    os.environ.pop(name, None)

from houqin.config.settings import *  # noqa: E402, F403
from houqin.config.settings import DATABASES, LOGGING, STORAGES, VAR  # noqa: E402

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES["files"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Whoever tries every door is turned away ten thousand times; a trace of each would be written for nobody.
LOGGING["loggers"]["django.request"] = {"level": "ERROR"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# What tests.template fills in with a digest of the migrations.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in a school: threads that race meet the same locks. It may be lost, so nothing waits for the disk.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test-{}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{{}}"}
    # The pool would hold connections of finished tests open while their database is dropped.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
