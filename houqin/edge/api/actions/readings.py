"""Taking in what devices measured: kept once each, with the time at which it was measured; out of limits it opens a finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.places.models import Place
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Channel, Viewer, system_viewer
from houqin.core.tables.ids import uuid7
from houqin.edge.api.actions.cold_storage import COLD, enter_in_ledger
from houqin.edge.api.models import ApiToken, DeviceKind, Metric, Reading
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.definitions import Resolved, resolved
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.rules.judging import LINE, REMARK, Finding, findings
from houqin.flows.ledgers.values import in_words
from houqin.flows.ledgers.words import source_in_words, wanted
from houqin.flows.rectify.actions.opening import Found, Source, open_finding
from houqin.flows.rectify.models import CauseKind, Severity

MORNING = "staff-morning-check"
OLDEST = timedelta(days=14)
"""What waited longer in a device is not believed: nobody can tell what its clock did meanwhile."""
AHEAD = timedelta(minutes=5)
METRIC = {DeviceKind.SCALE: Metric.WEIGHT, DeviceKind.PROBE: Metric.TEMPERATURE}
USES = {"sample_fridge": "sample_refrigerator", "sample-refrigerator": "sample_refrigerator", "freezer": "freezer"}

titled({"api.readings": _("Readings of a device"), "api.alarm": _("A device measured something out of limits")})


@dataclass(frozen=True)
class Measured:
    """One value as the device measured it: grams, or tenths of a degree Celsius."""

    at: datetime
    value: int


@dataclass(frozen=True)
class Taken:
    """A reading that is kept, and whether it was kept just now."""

    row: Reading
    is_new: bool


@verb
def take_readings(device: ApiToken, *, by: Viewer, measured: Sequence[Measured]) -> list[Taken]:
    """Keep what a scale or probe measured, each moment once.

    A refrigerator that becomes too warm or cold opens a finding; its first reading in the window of the ledger's duty is
    the ledger's entry.
    """
    require(by, "api.send_readings", at=device.org)
    metric = METRIC.get(DeviceKind(device.kind))
    if metric is None or device.place is None:
        raise Refused(_("This key belongs to no scale or probe. Connect the device, and use its own key."))
    ApiToken.objects.select_for_update().get(
        pk=device.pk
    )  # one batch of a device at a time: its story is told in order
    org: OrgUnit = device.place.org
    for one in measured:
        _check_time(one.at, by.now)
    known = _known(device, metric, measured)
    limits: dict[date, Resolved] = {}
    taken: dict[datetime, Taken] = {}
    for one in sorted(measured, key=lambda one: one.at):
        if one.at in taken:
            continue
        row = known.get(one.at)
        taken[one.at] = Taken(row, False) if row else Taken(_keep(device, org, metric, one, by, limits), True)
    new = [one.row for one in taken.values() if one.is_new]
    if new:
        record(
            "api.readings", device, by=by, org=org, metric=metric, count=len(new), out=sum(row.is_out for row in new)
        )
    if new and metric == Metric.TEMPERATURE:
        enter_in_ledger(device, device.place, new, now=by.now)
    return [taken[one.at] for one in measured]


def _check_time(at: datetime, now: datetime) -> None:
    if at > now + AHEAD:
        raise Refused(_("The clock of this device is ahead. Set it by the network, then send again."), field="at")
    if at < now - OLDEST:
        raise Refused(_("This was measured more than 14 days ago; that is too long to be believed."), field="at")


def _known(device: ApiToken, metric: str, measured: Sequence[Measured]) -> dict[datetime, Reading]:
    """Which of them are kept already. One query."""
    moments = {one.at for one in measured}
    days = {localtime(at).date() for at in moments}
    rows = Reading.objects.filter(device=device, metric=metric, day__in=days, at__in=moments)
    return {row.at: row for row in rows}


def _keep(
    device: ApiToken, org: OrgUnit, metric: str, one: Measured, by: Viewer, limits: dict[date, Resolved]
) -> Reading:
    day = localtime(one.at).date()
    row = Reading(
        day=day,
        public_id=uuid7(),
        org=org,
        device=device,
        metric=metric,
        at=one.at,
        received_at=by.now,
        value=one.value,
    )
    place: Place = device.place  # type: ignore[assignment]
    found = None
    if metric == Metric.TEMPERATURE:
        if day not in limits:
            limits[day] = resolved(COLD, org, day)
        found = _out(limits[day], place, one.value)
    row.is_out = found is not None
    row.save(force_insert=True)
    if found is not None and not _was_out(row):
        _alarm(row, place, found, limits[day], by)
    return row


def _out(held: Resolved, place: Place, tenths: int) -> Finding | None:
    """By the limits of the ledger in which people write such temperatures, as they hold at this school."""
    columns = held.lines.columns if held.lines else []
    use = USES.get(place.use) or USES.get(place.kind) or "refrigerator"
    return next(
        (one for one in findings(columns, {"use": use, "temperature": tenths}) if one.column.code == "temperature"),
        None,
    )


def _was_out(row: Reading) -> bool:
    """Whether the reading before was out of limits: one time of being too warm is one alarm, however often it is measured."""
    since = row.day - timedelta(days=1)
    before = Reading.objects.filter(device=row.device_id, metric=row.metric, day__gte=since, at__lt=row.at)
    last = before.order_by("-at").values_list("is_out", flat=True).first()
    return bool(last)


def _alarm(row: Reading, place: Place, found: Finding, held: Resolved, by: Viewer) -> None:
    """Told under the ledger's own topic, so that it is the same finding, whether a person or a probe saw it."""
    value = f"{found.column.title('zh')} {in_words(found.column, row.value, 'zh')}"
    limit = found.limit
    assert limit is not None
    open_finding(
        row.org, by=system_viewer(now=by.now, channel=Channel.DEVICE, name=by.name),
        found=Found(
            title=value, detail=f"{localtime(row.at):%Y-%m-%d %H:%M} {row.device.label}", standard=wanted(found),
            basis=source_in_words(limit), severity=Severity.GENERAL if limit.confidence == "A" else Severity.MINOR,
            topic=f"{COLD}.temperature", post=held.ledger.post,
        ),
        source=Source(CauseKind.ALARM, f"reading:{row.public_id}", row.at, f"{row.device.label} {value}"),
        place=place.name, ordered=True,
    )  # fmt: skip
    record("api.alarm", row.device, by=by, org=row.org, value=row.value, at=row.at)


@dataclass(frozen=True)
class Checked:
    """What a terminal found of one person: symptoms by their codes, tenths of a degree where it measures."""

    person: Person
    symptoms: Sequence[str] = ()
    temperature: int | None = None
    attire: bool = True
    remark: str = ""


@verb
def take_morning_check(device: ApiToken, *, by: Viewer, checked: Sequence[Checked]) -> LedgerEntry:
    """Write the morning check of the staff as a terminal took it; sent twice it is written once. Who is ill is off the post."""
    require(by, "ledgers.record", at=device.org)
    if device.kind != DeviceKind.TERMINAL or device.place is None:
        raise Refused(_("This key belongs to no morning-check terminal. Connect the device, and use its own key."))
    lines = [_line(one) for one in checked]
    late = str(_("Sent by the terminal when it had a network again")) if by.captured_at else ""
    return record_entry(device.place.org, by=by, ledger=MORNING, values={}, lines=lines, late_because=late)


def _line(one: Checked) -> dict[str, Any]:
    """A person's line of the ledger; who has a symptom is off the post today."""
    line: dict[str, Any] = {
        LINE: {"id": str(one.person.public_id), "name": one.person.name}, "attire": one.attire,
        "result": "off_post" if one.symptoms else "on_post",
    }  # fmt: skip
    found = {"symptoms": list(one.symptoms), "temperature": one.temperature, REMARK: one.remark}
    return line | {code: value for code, value in found.items() if value}
