"""Keeping photos."""

from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.keeping import keep_bytes
from houqin.core.files.likeness import remember
from houqin.core.files.models import Blob, StoredFile
from houqin.core.files.pictures import MEDIA_TYPE, Encoded, Picture, Upload, read_picture
from houqin.core.files.stamps import stamp_lines
from houqin.core.files.sweeping import drop_loose
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer

titled({"files.photo_kept": _("Photo kept")})


@verb
def keep_photo(
    org: OrgUnit,
    *,
    by: Viewer,
    upload: Upload,
    permission: str,
    name: str,
    stamp: str = "",
    data_class: DataClass = DataClass.OPERATIONAL,
) -> StoredFile:
    """Keep a photo for a unit, to be opened with ``permission`` there; refused in words when it is no photo.

    ``stamp`` says where it was taken ("北店小学 · 验收"): it is burnt in with the moment of the deed and who did it;
    without it the picture stays bare. The calling verb has checked the permission of its deed.
    """
    if not by.sees(org.path):
        raise NotVisible
    picture: Picture = getattr(upload, "picture", None) or read_picture(upload)
    account = Account.objects.filter(pk=by.account_id).first()
    kept = StoredFile.objects.create(
        org=org,
        blob=_blob(picture.encoded(_lines(stamp, by, account) if stamp else ())),
        thumbnail=_blob(picture.small()),
        data_class=data_class,
        permission=permission,
        name=name[:120],
        taken_at=picture.taken_at,
        stored_at=by.now,
        account=account,
    )
    if data_class == DataClass.OPERATIONAL:
        remember(kept.blob, picture.image)
    record("files.photo_kept", kept, by=by, org=org, digest=kept.blob.digest, data_class=data_class)
    return kept


def drop_files(files: Collection[StoredFile]) -> None:
    """Take files away for good, at once: an erasure does not wait for the sweep. The calling verb has checked and records it."""
    digests = {
        digest for one in files for digest in (one.blob.digest, one.thumbnail and one.thumbnail.digest) if digest
    }
    StoredFile.objects.filter(pk__in=[one.pk for one in files]).delete()
    transaction.on_commit(lambda: drop_loose(digests))


def _lines(stamp: str, by: Viewer, account: Account | None) -> tuple[str, ...]:
    moment = f"{localtime(by.moment):%Y-%m-%d %H:%M}"
    return stamp_lines(stamp, moment, by.name, account.username if account else by.name)


def _blob(picture: Encoded) -> Blob:
    return keep_bytes(picture.content, MEDIA_TYPE, width=picture.width, height=picture.height)
