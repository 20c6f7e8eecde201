"""Deriving anew which lots paper issues came from."""

from collections import Counter
from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.moving import Moves, lock_schools
from houqin.modules.canteen.queries.paper import differences, standing
from houqin.modules.canteen.queries.shelves import ShelfPlan
from houqin.modules.canteen.queries.store import load_store
from houqin.modules.canteen.rules.allocation import Part

titled({"canteen.lots_rederived": _("Lots of paper issues derived anew")})


@verb
def rederive_lots(org_ids: Collection[int], product_ids: Collection[int], *, by: Viewer) -> int:
    """Derive the lots of all paper issues of some products in some schools, and write what changed.

    Part of a larger deed; refuses it when an issue would have nothing left to come from. Returns the moves written.
    """
    if not org_ids or not product_ids:
        return 0
    schools = lock_schools(org_ids)
    store = load_store(org_ids, product_ids, lock=True)
    parts: list[Part] = []
    for shelf in store.shelves.values():
        plan = ShelfPlan(shelf)
        parts += plan.settle([])
        if plan.short:
            raise Refused(plan.why_short().in_words(gettext))
    back, new = differences(standing(store, store.shelves), parts)
    if not back and not new:
        return 0
    moves = Moves(by)
    for part in back:
        moves.part(store.issues[part.issue], part, part.lot, back=True)
    for part in new:
        moves.part(store.issues[part.issue], part, part.lot)
    moves.write(store.lots)
    written = Counter(move.org_id for move in moves.rows)
    for school in schools:
        if written[school.pk]:
            record("canteen.lots_rederived", school, by=by, org=school, moves=written[school.pk])
    return len(moves.rows)
