"""Chains with what was last found of them."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.seals.models import Chain, ChainCheck, Checkpoint, SigningKey


def chains(viewer: Viewer) -> QuerySet[Any]:
    """Chains within reach with the state and day of the newest check."""
    newest = ChainCheck.objects.filter(org=OuterRef("org")).order_by("-started_at")
    rows: QuerySet[Any] = Chain.objects.visible_to(viewer).annotate(
        check_state=Subquery(newest.values("state")[:1]), checked_at=Subquery(newest.values("started_at")[:1])
    )
    return rows


def newest_check(chain: Chain) -> ChainCheck | None:
    """What was found the last time."""
    found: ChainCheck | None = ChainCheck.objects.filter(org=chain.org).select_related("account").first()
    return found


def checks_of(chain: Chain, viewer: Viewer) -> QuerySet[Any]:
    """All checks of a chain, newest first."""
    rows: QuerySet[Any] = ChainCheck.objects.visible_to(viewer).filter(org=chain.org)
    return rows


def checkpoints_of(chain: Chain, viewer: Viewer) -> QuerySet[Any]:
    """The signed ends of a chain, newest first."""
    rows: QuerySet[Any] = Checkpoint.objects.visible_to(viewer).filter(org=chain.org).order_by("-number")
    return rows


def units_with_chains(viewer: Viewer) -> QuerySet[OrgUnit]:
    """Units with sealed records where the viewer may check them."""
    held = Chain.objects.visible_to(viewer, "seals.check").filter(length__gt=0).values("org")
    rows: QuerySet[OrgUnit] = OrgUnit.objects.filter(pk__in=held).order_by("path")
    return rows


def public_keys() -> list[SigningKey]:
    """Every key that ever signed here, the present one first."""
    return list(SigningKey.objects.all())


def chain_id_of(check: ChainCheck) -> Any:
    """The chain that a check is about, by its public id."""
    return Chain.objects.values_list("public_id", flat=True).get(org=check.org_id)


def checkpoints_under(viewer: Viewer, path: str) -> QuerySet[Any]:
    """Checkpoints below a unit, for the file that is kept elsewhere."""
    rows: QuerySet[Any] = Checkpoint.objects.visible_to(viewer, "seals.check").under(path)
    return rows.select_related("org").order_by("org_id", "number")
