"""Signing the ends of chains, so that nothing before them can change unseen."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.grants.viewers import accounts_holding
from houqin.core.notices.actions import tell
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OFFICES, STEP, OrgUnit
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.inserting import insert_rows
from houqin.flows.seals import keys, stored
from houqin.flows.seals.actions.checks import plain
from houqin.flows.seals.models import Chain, ChainCheck, Checkpoint, SigningKey
from houqin.flows.seals.rules import FIRST, Mark, key_id_of
from houqin.flows.seals.walking import Fault, Row, Walk

BATCH = 500
titled({
    "seals.checkpoints_made": _("Ends of chains signed"),
    "seals.broken": _("Chain of seals found changed"),
    "seals.key_made": _("Signing key made"),
})  # fmt: skip


@verb
def make_checkpoints(*, by: Viewer) -> dict[str, int]:
    """Sign the end of every chain that grew, held by the office above it. What was added is checked link by link first;
    a chain that was changed is not signed, and its unit and its office are told. Returns counts: signed, faulty."""
    if not by.is_system:
        raise Refused(_("Ends of chains are signed by the system every day, not by hand."))
    signer = keys.signer() or _first_key(by)
    key_id = _known(signer, by)
    chains, above = {chain.org_id: chain for chain in _grown()}, _offices()
    made: list[Checkpoint] = []
    faulty: list[tuple[Chain, list[Fault]]] = []
    for org_id, rows in groupby(stored.grown(), key=itemgetter(0)):
        chain = chains.pop(org_id, None)
        if chain is None:
            continue
        walk, faults = _walked(chain, (row for _org, row in rows if row[0] <= chain.length))
        if faults:
            faulty.append((chain, faults))
            continue
        mark = Mark(chain.public_id, chain.length, walk.seal, by.now, key_id).pack()
        made.append(
            Checkpoint(
                org_id=org_id, held_by_id=_holder(chain.org, above), day=by.today, number=chain.length, payload=mark,
                signature=signer.sign(mark),
            )
        )  # fmt: skip
    faulty += [(chain, [Fault("cut", chain.held_number + 1, chain.length)]) for chain in chains.values()]
    _keep(made)
    for chain, faults in faulty:
        _alarm(chain, faults, by)
    if made:
        record("seals.checkpoints_made", None, by=by, org=None, signed=len(made), faulty=len(faulty), key=key_id)
    return {"signed": len(made), "faulty": len(faulty)}


@verb
def rotate_key(*, by: Viewer, why: str) -> SigningKey:
    """Sign with a new key from now on; the one before it is destroyed, its public half stays for what it signed."""
    if not by.is_system:
        raise Refused(_("The signing key is changed on the server itself: houqin seals rotate-key."))
    if not why.strip():
        raise Refused(_("Say why the key is changed; it stays on record."))
    SigningKey.objects.filter(until__isnull=True).update(until=by.now)
    return _noted(keys.make_signer(), by, why=why.strip()[:200])


def _first_key(by: Viewer) -> Ed25519PrivateKey:
    """The key of an installation that has none yet. A server that lost its key says so instead of making another."""
    if SigningKey.objects.filter(until__isnull=True).exists():
        raise Refused(
            _(
                "The signing key is not on this machine (%(file)s). Put it back from the backup; where it is lost for good, "
                "make another with: houqin seals rotate-key"
            )
            % {"file": keys.private_path()}
        )
    made = keys.make_signer()
    _noted(made, by, why=str(_("first key of this installation")))
    return made


def _noted(key: Ed25519PrivateKey, by: Viewer, *, why: str) -> SigningKey:
    public = keys.public_bytes(key)
    row: SigningKey = SigningKey.objects.create(key_id=key_id_of(public), public=public, since=by.now)
    record("seals.key_made", row, by=by, org=None, fingerprint=row.fingerprint, why=why)
    return row


def _known(key: Ed25519PrivateKey, by: Viewer) -> str:
    """The id of the key that signs; a new database takes over the key that lies on its machine."""
    key_id, current = key_id_of(keys.public_bytes(key)), SigningKey.objects.all().current()
    if current is None:
        _noted(key, by, why=str(_("first key of this installation")))
    elif current.key_id != key_id:
        raise Refused(
            _(
                "The key in %(file)s is not the one that signs here. Put the right one back, or make another with: "
                "houqin seals rotate-key"
            )
            % {"file": keys.private_path()}
        )
    return key_id


def _grown() -> Iterable[Chain]:
    """Chains with links that no checkpoint covers, each with the checkpoint before."""
    held = Checkpoint.objects.filter(org=OuterRef("org"), number=OuterRef("held_number")).values("payload")[:1]
    rows: Iterable[Chain] = (
        Chain.objects.filter(length__gt=F("held_number")).select_related("org").annotate(held=Subquery(held))
    )
    return rows


def _walked(chain: Chain, rows: Iterable[Row]) -> tuple[Walk, list[Fault]]:
    """Along what was added since the checkpoint before."""
    held = getattr(chain, "held", None)
    start = Mark.unpack(bytes(held)).seal if held else FIRST
    walk = Walk(chain.public_id, after=chain.held_number, seal=start)
    walk.feed(rows)
    faults = walk.finish(chain.length, bytes(chain.head))
    if chain.held_number and not held:
        faults = [Fault("checkpoint_gone", chain.held_number)]
    return walk, faults


def _offices() -> dict[str, int]:
    """Every office by its path."""
    return dict(OrgUnit.objects.filter(kind__in=OFFICES).values_list("path", "pk"))


def _holder(org: OrgUnit, offices: dict[str, int]) -> int:
    """The nearest office above; a unit without any holds its own."""
    for end in range(len(org.path) - STEP, 0, -STEP):
        if org.path[:end] in offices:
            return offices[org.path[:end]]
    return org.pk


def _keep(made: list[Checkpoint]) -> None:
    """All of them, and how far each chain is now held; the chains are locked last and shortly."""
    insert_rows(made)
    newest = Checkpoint.objects.filter(org=OuterRef("org")).order_by("-number").values("number")[:1]
    for start in range(0, len(made), BATCH):
        some = [row.org_id for row in made[start : start + BATCH]]
        Chain.objects.filter(org_id__in=some).update(held_number=Subquery(newest))


def _alarm(chain: Chain, faults: list[Fault], by: Viewer) -> None:
    """Keep what was found and tell those who may check, at the unit and above."""
    state = ChainCheck.State.FAULTY
    result = {"count": chain.length, "faults": [fault._asdict() for fault in faults]}
    check: ChainCheck = ChainCheck.objects.create(
        org=chain.org, started_at=by.now, finished_at=by.now, state=state, result=plain(result)
    )
    record("seals.broken", chain, by=by, org=chain.org, check=check, faults=[fault.kind for fault in faults])
    tell(
        accounts_holding("seals.check", org=chain.org, at_or_above=True),
        lambda: (
            str(_("%s: sealed records were changed") % chain.org),
            str(_("The daily check found that the chain of seals does not fit any more. See what and where.")),
        ),
        by=by,
        org=chain.org,
        url=f"/seals/chains/{chain.public_id}/",
        level=Notice.Level.NOW,
    )
