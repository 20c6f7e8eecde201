"""What changes the duties to come: calendars, places, what schools have, and times that are set as local rules."""

from houqin.core.events.bus import on
from houqin.core.events.models import Event
from houqin.core.policies.registry import all_policies
from houqin.core.policies.rules import Kind
from houqin.flows.duties.generation import lay_out_anew


@on("calendars.changed", mode="inline")
@on("places.changed", mode="inline")
@on("orgs.facts_recorded", mode="inline")
def lay_out_after_change(event: Event) -> None:
    """A job lays out anew, so that nobody waits for fifteen thousand schools."""
    lay_out_anew.enqueue(path=event.org_path)


@on("policies.changed", mode="inline")
def lay_out_after_rule(event: Event) -> None:
    """Times of meals, and how far ahead duties are laid out; other local rules move no duty."""
    policy = all_policies().get(event.payload["code"])
    if policy is not None and (policy.kind == Kind.CLOCK or policy.code.startswith("duties.")):
        lay_out_anew.enqueue(path=event.org_path)
