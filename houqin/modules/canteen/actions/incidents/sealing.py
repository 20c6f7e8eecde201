"""Sealing what may be evidence: samples, leftovers, raw goods, tools, the kitchen itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.places.actions import stop_use
from houqin.core.places.models import Place
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.incidents.holding import done_by_the_way, held, require_no_name
from houqin.modules.canteen.models import Lot, Sample, SealedKind, SealedThing

titled({"canteen.sealed": gettext_lazy("Sealed for the investigation")})


@dataclass(frozen=True)
class Thing:
    """One thing to seal: in words, or a sample, a lot or a place that is on record."""

    what: str = ""
    sample: Sample | None = None
    lot: Lot | None = None
    place: Place | None = None

    @property
    def row(self) -> Sample | Lot | Place | None:
        """What is on record of it."""
        return self.sample or self.lot or self.place

    @property
    def words(self) -> str:
        """What stands on the seal."""
        if self.sample is not None:
            return f"{self.sample.dish} {self.sample.grams} g"
        return self.what.strip() or str(self.row or "")


@verb
def seal_things(case: Case, *, by: Viewer, kind: str, things: Sequence[Thing], where: str = "") -> list[SealedThing]:
    """Note what was sealed and where it stands; what was sealed before stays as it is. A kitchen is stopped, but not in a drill."""
    row = held(case, by)
    if kind not in SealedKind.values:
        raise Refused(_("Choose what is sealed."), field="kind")
    if not things or not all(one.words for one in things):
        raise Refused(_("Say what you sealed."), field="what")
    require_no_name(row, by, " ".join([*(one.what for one in things), where]), field="what")
    if any(one.row is not None and one.row.org_id != row.org_id for one in things):
        raise NotVisible
    if any(one.sample is not None and one.sample.disposed_at is not None for one in things):
        raise Refused(_("A sample that was disposed of cannot be sealed."))
    known = {
        (one.sample_id, one.lot_id, one.place_id) for one in SealedThing.objects.filter(case=row) if _on_record(one)
    }
    fresh = [one for one in things if one.row is None or _key(one) not in known]
    made: list[SealedThing] = SealedThing.objects.bulk_create(
        SealedThing(
            org=row.org, case=row, kind=kind, what=one.words[:120], where=where.strip()[:80], sample=one.sample, lot=one.lot,
            place=one.place, at=by.moment, account_id=by.account_id,
        )
        for one in fresh
    )  # fmt: skip
    for one in fresh:
        if one.place is not None and not row.drill:
            stop_use(one.place, by=by, reason=str(row), source=row.incident.subject)
    record("canteen.sealed", row, by=by, org=row.org, kind=kind, count=len(made))
    done_by_the_way(row, f"seal-{kind}", by, "、".join(one.words for one in things)[:300])
    return made


def _on_record(one: SealedThing) -> bool:
    return bool(one.sample_id or one.lot_id or one.place_id)


def _key(one: Thing) -> tuple[int | None, ...]:
    return tuple(row.pk if row is not None else None for row in (one.sample, one.lot, one.place))
