"""The key that signs checkpoints: here, private, and the one that the database names. And the server's secret, once changed."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from houqin.config.health.findings import Finding

GUIDE = "docs/operations/seals.md"


def examine() -> Iterator[Finding]:
    """Both keys."""
    yield from _signing()
    yield from _secret()


def _secret() -> Iterator[Finding]:
    """Whether all that is kept enciphered is read, and by the secret of today."""
    from houqin.core.tables.ciphers import kept_words

    former, lost = 0, []
    for words in kept_words():
        for _key, is_former, whole in words.survey():
            former += is_former
            if not whole and words.label not in lost:
                lost.append(words.label)
    if lost:
        yield Finding(
            "secret_key", "mend", _("What is kept enciphered is read by no key: %s.") % ", ".join(lost),
            _("Name the key of its time in HOUQIN_SECRET_KEY_FALLBACKS, then run: houqin keys rotate"),
        )  # fmt: skip
    if former:
        said = ngettext("%d row lies under a former secret key.", "%d rows lie under a former secret key.", former)
        yield Finding("secret_key", "note", said % former, _("Run: houqin keys rotate"))
    elif settings.SECRET_KEY_FALLBACKS and not lost:
        yield Finding(
            "secret_key", "note", _("Nothing is enciphered under a former secret key any more."),
            _("Take HOUQIN_SECRET_KEY_FALLBACKS away two weeks after the change: sessions of before end with it."),
        )  # fmt: skip


def _signing() -> Iterator[Finding]:
    """Whether the ends of chains can be signed, and whether somebody else could sign in our name."""
    from houqin.core.scope.refusals import Refused
    from houqin.flows.seals import keys
    from houqin.flows.seals.models import SigningKey
    from houqin.flows.seals.rules import key_id_of

    current = SigningKey.objects.all().current()
    try:
        signer = keys.signer()
    except Refused as error:
        yield Finding("signing_key", "mend", str(error.message), _("See %s") % GUIDE)
        return
    if signer is None:
        if current is not None:
            yield Finding(
                "signing_key", "mend", _("The signing key is not on this machine: the ends of chains are not signed."),
                _("Put %s back from the backup.") % keys.private_path(),
            )  # fmt: skip
        return
    if not keys.is_private():
        yield Finding(
            "signing_key", "mend", _("Other users of this machine can read the signing key: they could sign in your name."),
            _("Run: chmod 600 %s, then houqin seals rotate-key") % keys.private_path(),
        )  # fmt: skip
    elif current is not None and current.key_id != key_id_of(keys.public_bytes(signer)):
        yield Finding(
            "signing_key",
            "mend",
            _("The signing key on this machine is not the one that signs here."),
            _("See %s") % GUIDE,
        )
    else:
        yield Finding(
            "signing_key", "fine", _("The signing key is here and private. Keep a copy of its folder elsewhere.")
        )
