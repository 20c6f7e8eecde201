"""What the web server needs: safe settings, HTTPS, collected files, translations, room on the disk."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from houqin.config.health import https
from houqin.config.health.findings import Finding
from houqin.config.health.https import LOCAL_HOSTS

SHORTEST_SECRET = 40
LEAST_FREE_BYTES = 2 * 1024**3


def examine() -> Iterator[Finding]:
    """All that concerns settings and files."""
    yield from _debug()
    yield from _secret()
    yield from _hosts()
    yield from https.examine()
    yield from _static()
    yield from _translations()
    yield from _disk()
    yield from _font()
    yield from _clock()


def _debug() -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding(
            "debug", "mend", _("HOUQIN_DEBUG is on: error pages show the inside of the program."),
            _("Unset HOUQIN_DEBUG, except on a developer's own machine."),
        )  # fmt: skip


def _secret() -> Iterator[Finding]:
    if len(settings.SECRET_KEY) < SHORTEST_SECRET:
        yield Finding(
            "secret", "mend", _("HOUQIN_SECRET_KEY is too short: sessions could be forged."),
            _("Set 50 random characters, or unset it: one is then made and kept in var/secret."),
        )  # fmt: skip
        return
    kept = settings.VAR / "secret"
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        yield Finding(
            "secret", "mend", _("Other users of this machine can read %s.") % kept, _("Run: chmod 600 %s") % kept
        )
    else:
        yield Finding("secret", "fine", _("The secret key is long enough and private."))


def _hosts() -> Iterator[Finding]:
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding(
            "hosts", "mend", _("HOUQIN_HOSTS accepts any name: links in letters could be forged."),
            _("Write the names and addresses that people type, separated by commas."),
        )  # fmt: skip
    elif set(settings.ALLOWED_HOSTS) <= LOCAL_HOSTS:
        yield Finding(
            "hosts", "note", _("Only this machine itself can open the pages."),
            _("For others: HOUQIN_BIND=0.0.0.0 and HOUQIN_HOSTS with the name or address that they type."),
        )  # fmt: skip


def _static() -> Iterator[Finding]:
    if settings.DEBUG:
        return
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield Finding("static", "fine", _("Static files are collected."))
    else:
        yield Finding("static", "mend", _("Static files are not collected: pages have no style."), _("Run: make setup"))


def _translations() -> Iterator[Finding]:
    missing = [
        po
        for folder in settings.LOCALE_PATHS
        for po in Path(folder).rglob("*.po")
        if not po.with_suffix(".mo").is_file()
    ]
    if missing:
        yield Finding(
            "translations", "mend", _("Translations are not compiled: pages speak English."), _("Run: make setup")
        )
    else:
        yield Finding("translations", "fine", _("Translations are compiled."))


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.VAR).free
    shown = {"free": round(free / 1024**3, 1), "folder": settings.VAR}
    if free < LEAST_FREE_BYTES:
        yield Finding(
            "disk", "mend", _("Only %(free)s GB are free for %(folder)s.") % shown,
            _("Make room: when the disk is full nothing can be recorded."),
        )  # fmt: skip
    else:
        yield Finding("disk", "fine", _("%(free)s GB are free for %(folder)s.") % shown)


def _font() -> Iterator[Finding]:
    from houqin.core.files.fonts import chinese_face

    face = chinese_face()
    if face:
        yield Finding("font", "fine", _("Stamps on photos are written in %s.") % Path(face[0]).name)
    else:
        yield Finding(
            "font", "note",
            _("No Chinese font is on this machine: stamps on photos say the time and the user name, not place and name."),
            _("Install one (Debian: apt install fonts-noto-cjk), or name its file in HOUQIN_FONT; then restart."),
        )  # fmt: skip


def _clock() -> Iterator[Finding]:
    if settings.TIME_ZONE != "Asia/Shanghai":
        yield Finding(
            "time_zone",
            "note",
            _("Days begin and end in %s.") % settings.TIME_ZONE,
            _("Schools in China need Asia/Shanghai."),
        )
