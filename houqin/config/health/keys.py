"""The key that signs checkpoints: here, private, and the one that the database names."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from houqin.config.health.findings import Finding

GUIDE = "docs/operations/seals.md"


def examine() -> Iterator[Finding]:
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
