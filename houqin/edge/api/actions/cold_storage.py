"""What a probe measured enters the ledger of refrigerators: once for each duty of the day, never over what a person wrote."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext, override

from houqin.core.places.models import Place
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Channel, system_viewer
from houqin.edge.api.models import ApiToken, Reading
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.definitions import Resolved, resolved
from houqin.flows.ledgers.doing import due, lines_written
from houqin.flows.ledgers.prefills import lines_for
from houqin.flows.ledgers.rules.judging import LINE, REMARK, doubts
from houqin.flows.seals.chaining import hold

COLD, TEMPERATURE = "cold-storage", "temperature"


def enter_in_ledger(device: ApiToken, place: Place, rows: Sequence[Reading], *, now: datetime) -> None:
    """Write the appliance's line for each open duty of today in whose window one of these readings falls: the first of them.

    Called inside the verb that keeps the readings. The duty is done once every appliance has its line; what no probe
    measures, a person writes. A day that is over is not written any more. One query where no duty waits.
    """
    day = localtime(now).date()
    today = [row for row in rows if row.day == day]
    for duty in due(place.org, COLD, day) if today else ():
        _enter(device, place, duty, day, [row for row in today if duty.opens_at <= row.at <= duty.due_at], now)


def _enter(device: ApiToken, place: Place, duty: Duty, day: date, rows: Sequence[Reading], now: datetime) -> None:
    """Nothing where this appliance has its line, is not of this ledger, or a person has to look at it."""
    org, held = place.org, resolved(COLD, place.org, day)
    row = next((row for row in rows if _is_plausible(held, row)), None)
    if row is None:
        return
    by = replace(
        system_viewer(now=now, channel=Channel.DEVICE, name=device.label), captured_at=min(row.at, now)
    )  # it acts under its own name and for nobody
    asked = {line["id"]: line for line in lines_for(held, org, by, day, duty.slot)}
    own = asked.get(str(place.public_id))
    if own is None:
        return
    hold(org)  # two probes of a school at once: the second sees what the first wrote
    written = lines_written(duty)
    if own["id"] in written:
        return
    line = {LINE: {"id": own["id"], "name": own["name"]}, "use": own["use"], TEMPERATURE: row.value, REMARK: _told(row)}
    with suppress(Refused):  # the school asks for more than a probe knows: the duty stays open for a person
        record_entry(
            org, by=by, ledger=COLD, values={}, lines=[line], slot=duty.slot, day=day,
            completes=asked.keys() <= written | {own["id"]},
        )  # fmt: skip


def _told(row: Reading) -> str:
    with override(settings.LANGUAGE_CODE):
        return gettext("Measured by a machine: %(device)s, %(at)s") % {
            "device": row.device.label, "at": localtime(row.at).strftime("%H:%M")
        }  # fmt: skip


def _is_plausible(held: Resolved, row: Reading) -> bool:
    """What is hardly possible is a broken probe; nobody is there to confirm it."""
    columns = held.lines.columns if held.lines else []
    return not doubts(columns, {TEMPERATURE: row.value})
