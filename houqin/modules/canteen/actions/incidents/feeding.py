"""What is eaten instead while the kitchen is looked into."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import SchoolFacts
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.incidents.holding import done_by_the_way, held, require_no_name
from houqin.modules.canteen.actions.stopping import stop_kitchen
from houqin.modules.canteen.models import KitchenStop

titled({"canteen.meal_provided": gettext_lazy("Another meal provided")})


@verb
def provide_meal(case: Case, *, by: Viewer, instead: str, boarders_instead: str = "", stops: bool = True) -> Case:
    """Say what is eaten instead, who cooks it and where; where ``stops``, you decide that the kitchen does not cook until its release.

    In a drill it is noted and nothing is stopped. A kitchen that is stopped already stays so.
    """
    row = held(case, by)
    instead, boarders = instead.strip(), boarders_instead.strip()
    if not instead:
        raise Refused(_("Write what is eaten instead: nobody goes without."), field="instead")
    facts = SchoolFacts.objects.in_force(by.today).filter(org=row.org).first()
    if facts is not None and facts.boarders and not boarders:
        raise Refused(_("Boarders eat three times a day. Write what they eat until then."), field="boarders_instead")
    require_no_name(row, by, f"{instead} {boarders}", field="instead")
    if stops and not row.drill and not KitchenStop.objects.standing().filter(org=row.org).exists():
        stop_kitchen(
            row.org, by=by, reason=str(row), instead=instead, boarders_instead=boarders, source=row.incident.subject
        )
    record("canteen.meal_provided", row, by=by, org=row.org, instead=instead, boarders=boarders, stops=stops)
    done_by_the_way(row, "substitute-meal", by, "；".join(filter(None, [instead, boarders])))
    return row
