"""Every verb, called directly by a head or director from elsewhere with a row of school A or of the town: it does not exist for them.

The arguments beside the row are made from their annotations: a verb asks for its permission before it reads them.
"""

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from houqin.core.audit import trail
from houqin.core.audit.models import AuditEntry
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.models import ScopedModel
from houqin.core.scope.refusals import NotVisible
from tests.matrix.furnished import SCREENS  # noqa: F401 - importing the screens imports every verb
from tests.matrix.opened import more_rows
from tests.world import NOON, TODAY, World

WITHIN = {
    "houqin.core.notices.actions.notify": "the calling verb has asked",
    "houqin.core.notices.actions.tell": "the calling verb has asked",
    "houqin.core.people.actions.sign_in.link_own_sign_in": "notes what signing in found",
    "houqin.core.people.actions.sign_in.note_second_factor": "notes what somebody did to their own account",
    "houqin.flows.cases.actions.working.log": "inside a verb that holds the case and has asked",
    "houqin.flows.cases.actions.working.complete_step": "inside a verb that holds the case and has asked",
    "houqin.flows.ledgers.actions.erasing.erased": "inside the two verbs that erase and have asked",
    "houqin.modules.canteen.actions.corrections.entries.put_right": "inside correct_line and its like, which have asked",
    "houqin.modules.canteen.actions.corrections.issues.put_right": "inside correct_line and its like, which have asked",
    "houqin.modules.canteen.actions.corrections.lines.put_right": "inside correct_line and its like, which have asked",
    "houqin.modules.canteen.actions.deeds.entering.enter": "inside the verbs of the store, which have asked",
    "houqin.modules.canteen.actions.recalls.launching.hold_arrival": "inside the acceptance of goods from another school",
    "houqin.modules.environment.actions.toilets.hear": "the card at the door: whoever stands there says it, without an account",
}
"""Verbs that ask nobody, and why."""
VERBS = {name: function for name, function in trail.VERBS.items() if ".tests." not in name}

NO_ROW = {
    "houqin.config.backup.actions.note_made",
    "houqin.config.backup.actions.note_restored",
    "houqin.core.audit.actions.renew_words",
    "houqin.core.catalogues.loading.load_catalogues",
    "houqin.core.merging.actions.merge",
    "houqin.core.merging.actions.undo_merge",
    "houqin.core.notices.actions.mark_read",
    "houqin.core.notices.actions.notify_each",
    "houqin.core.orgs.actions.ensure_path",
    "houqin.core.orgs.actions.open_unit",
    "houqin.core.people.actions.pins.set_pin",
    "houqin.core.people.actions.posts.name_kinds",
    "houqin.core.people.actions.retaining.end_retention",
    "houqin.flows.cases.actions.reminding.remind_of_late_steps",
    "houqin.flows.duties.actions.doing.do_duties",
    "houqin.flows.ledgers.actions.binders.expire_binders",
    "houqin.flows.ledgers.actions.settling.answer_by_deed",
    "houqin.flows.ledgers.actions.settling.settle_breaches",
    "houqin.flows.rectify.actions.climbing.tell_next_levels",
    "houqin.flows.rectify.actions.ordering.order_waiting",
    "houqin.flows.seals.actions.checkpoints.make_checkpoints",
    "houqin.flows.seals.actions.checkpoints.rotate_key",
    "houqin.modules.canteen.actions.meals.sampling.dispose_samples",
    "houqin.modules.canteen.actions.rederiving.rederive_lots",
    "houqin.modules.inspections.actions.noticing.raise_flags",
}
"""Those that take no row: they work on what the caller reaches, or for the system."""
UNFURNISHED = {
    "houqin.core.people.actions.posts.take_back_countersignature",
    "houqin.flows.ledgers.actions.adopting.end_adoption",
    "houqin.flows.sheets.actions.correcting.decide_proposal",
    "houqin.flows.sheets.actions.undoing.undo_proposal",
    "houqin.modules.canteen.actions.incidents.handing.receive_package",
    "houqin.modules.canteen.actions.incidents.handing.take_package",
    "houqin.modules.canteen.actions.incidents.ill.correct_ill",
    "houqin.modules.canteen.actions.incidents.ill.strike_ill",
    "houqin.modules.canteen.actions.incidents.ill.tell_parents",
    "houqin.modules.canteen.actions.roster.call_off_relief",
    "houqin.modules.inspections.actions.rounds.end_round",
}
"""Those whose row the furnished world does not hold: each asks for its permission at the row's unit first, read by hand."""


PLAIN: dict[Any, Any] = {
    str: "x", int: 1, bool: False, float: 1.0, Decimal: Decimal(1), date: TODAY, datetime: datetime(2024, 3, 4, 4, tzinfo=UTC),
    time: time(8), UUID: UUID(int=7), bytes: b"", Any: None, object: None,
}  # fmt: skip


def hints(function: Callable[..., Any]) -> dict[str, Any]:
    return typing.get_type_hints(function)


def rows_needed(function: Callable[..., Any]) -> dict[str, type[Model]]:
    """The parameters that are rows, without those that may be left out."""
    found = {}
    for name, parameter in inspect.signature(function).parameters.items():
        kind = hints(function).get(name)
        if typing.get_origin(kind) is types.UnionType and type(None) not in typing.get_args(kind):
            kind = typing.get_args(kind)[0]
        is_row = isinstance(kind, type) and issubclass(kind, Model)
        if name != "by" and is_row and parameter.default is parameter.empty:
            found[name] = kind
    return found


def row_at(kind: type[Model], world: World) -> Model | None:
    """A row of school A, else of the town, else of the province; Chen, who directs the other city, reaches none of them."""
    if kind is OrgUnit:
        return world.school_a
    if kind is Account:
        return world.an
    if not issubclass(kind, ScopedModel):
        return None
    for unit in (world.school_a, world.town, world.province):
        found = kind._base_manager.filter(**{kind.SCOPE_PATH: unit.path}).order_by("pk").first()
        if found is not None:
            return found
    return None


def unfurnished(function: Callable[..., Any], world: World) -> list[str]:
    """The rows that it needs and the world does not hold."""
    return [name for name, kind in rows_needed(function).items() if row_at(kind, world) is None]


def made(kind: Any, world: World) -> Any:
    """Something of this type."""
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        return None if type(None) in typing.get_args(kind) else made(typing.get_args(kind)[0], world)
    if kind in PLAIN:
        return PLAIN[kind]
    if origin is not None:
        return {} if origin in {dict} or "Mapping" in str(origin) else []
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if isinstance(kind, type) and issubclass(kind, Model):
        return row_at(kind, world)
    if dataclasses.is_dataclass(kind):
        types_ = typing.get_type_hints(kind)
        needed = [
            one
            for one in dataclasses.fields(kind)
            if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
        ]
        return kind(**{one.name: made(types_[one.name], world) for one in needed if one.init})
    return None


def call(function: Callable[..., Any], world: World) -> None:
    """With what it cannot do without."""
    given: dict[str, Any] = {"by": world.viewer("chen", NOON)}
    for name, parameter in inspect.signature(function).parameters.items():
        if name != "by" and parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD:
            given[name] = made(hints(function).get(name, Any), world)
    function(**given)


def test_every_verb_refuses_a_row_from_elsewhere_and_leaves_it_as_it_was(furnished: World) -> None:
    more_rows(furnished)
    met, before = {}, AuditEntry.objects.count()
    for name, function in sorted(VERBS.items()):
        if rows_needed(function) and name not in WITHIN and not unfurnished(function, furnished):
            met[name] = answer(function, furnished)
            assert AuditEntry.objects.count() == before, f"{name} left an entry in the trail"
    assert {name: told for name, told in met.items() if told != "NotVisible"} == {}
    assert len(met) > 230


def test_what_is_left_out_is_known_by_name() -> None:
    assert WITHIN.keys() <= VERBS.keys()
    assert {name for name, function in VERBS.items() if not rows_needed(function)} == NO_ROW


def test_the_world_holds_a_row_for_nearly_every_verb(furnished: World) -> None:
    more_rows(furnished)
    bare = {name for name, function in VERBS.items() if rows_needed(function) and unfurnished(function, furnished)}
    assert bare - WITHIN.keys() == UNFURNISHED


def answer(function: Callable[..., Any], world: World) -> str:
    """What the stranger meets; whatever it did is taken back."""
    found = "done"
    with transaction.atomic():
        try:
            call(function, world)
        except NotVisible:
            found = "NotVisible"
        except Exception as error:  # noqa: BLE001 - anything else is the finding
            found = f"{type(error).__name__}: {error}"
        transaction.set_rollback(True)
    return found
