"""Writing ledgers: an entry is sealed as it is written; what was wrong is amended by a further entry, never changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import recording, titled, verb
from houqin.core.events.bus import SUBSCRIBERS, emit
from houqin.core.files.actions import keep_photo
from houqin.core.files.models import StoredFile
from houqin.core.files.pictures import Upload
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.core.tables.inserting import insertion, is_inserted
from houqin.core.tables.statements import Statement, together
from houqin.flows.duties.after import happened
from houqin.flows.duties.completing import completion
from houqin.flows.duties.schedule import Every
from houqin.flows.ledgers.bodies import body_of, content_id, stored
from houqin.flows.ledgers.breaching import close_corrected, open_breaches
from houqin.flows.ledgers.catalogue import Ledger
from houqin.flows.ledgers.definitions import LATELY_SECONDS, Resolved, followed_events, resolved
from houqin.flows.ledgers.drafts import Draft, Implausible, check_belongs, check_time, judge
from houqin.flows.ledgers.gating import check_gate
from houqin.flows.ledgers.models import EntryPhoto, LedgerEntry
from houqin.flows.ledgers.rules.judging import REMARK
from houqin.flows.seals.chaining import has_begun, hold, holding, links, locked
from houqin.flows.seals.models import Chain
from houqin.flows.seals.rules import digest_of

__all__ = ["Implausible", "amend_entry", "record_entry"]

RULE, KIND, ENTERED = "ledger:", "ledger", "ledgers.entered."
SLOT, WHY = 20, 200
_YEAR = timedelta(days=400)
_PERIODS = {
    Every.WEEK: timedelta(days=14), Every.HALF_MONTH: timedelta(days=31), Every.MONTH: timedelta(days=62),
    Every.QUARTER: timedelta(days=186), Every.HALF_YEAR: _YEAR, Every.TERM: _YEAR, Every.YEAR: _YEAR,
    Every.BEFORE_TERM: _YEAR, Every.BEFORE_HOLIDAY: _YEAR, Every.AFTER: timedelta(days=62), Every.EVENT: timedelta(days=62),
}  # fmt: skip
_ONCE = ("day", "org", "content_id")

titled({"ledgers.entered": gettext_lazy("Ledger written"), "ledgers.amended": gettext_lazy("Ledger entry amended")})

Values = Mapping[str, Any]


@verb
def record_entry(
    org: OrgUnit,
    *,
    by: Viewer,
    ledger: str,
    values: Values,
    lines: Sequence[Values] = (),
    slot: str = "",
    about: Subject | None = None,
    day: date | None = None,
    photos: Sequence[Upload] = (),
    nothing_to_report: bool = False,
    late_because: str = "",
    second: Account | None = None,
    from_paper: bool = False,
    confirmed: Collection[str] = (),
    completes: bool = True,
) -> LedgerEntry:
    """Write one entry of a ledger and seal it; the duty that asked for it is done. Sent twice it is written once.

    ``completes`` is false while something of the same duty is still to come. Values stand as ``values.typed`` gives them; ``remark`` may always be among them, in the head and in each line.
    ``confirmed`` are the keys of values that are hardly possible and were confirmed ("core", "2.core").
    """
    require(by, "ledgers.record", at=org)
    if not org.is_open:
        raise Refused(_("This unit is closed. Ledgers are written where work goes on."))
    held = resolved(ledger, org, day or by.today, within=LATELY_SECONDS)
    if not held.is_kept:
        raise Refused(
            _("%(ledger)s is not kept here. It is one of choice: the head of school can take it up.")
            % {"ledger": held.ledger.title("zh")}
        )
    draft = judge(Draft(held, day or by.today, values, lines, nothing_to_report, confirmed), by=by)
    check_time(org, draft, by=by, late_because=late_because, from_paper=from_paper)
    live = draft.day == by.today and by.captured_at is None and not from_paper
    check_gate(org, draft, by=by, starts=live)
    sheet = LedgerEntry(
        day=draft.day, org=org, ledger=ledger, version=held.version, slot=slot[:SLOT], about=about, at=by.moment,
        recorded_at=by.now, account_id=by.account_id, breaches=len(draft.findings), nothing_to_report=nothing_to_report,
        late_because=late_because.strip()[:WHY], from_paper=from_paper,
    )  # fmt: skip
    written = _write(org, sheet, draft, by=by, about=about, photos=photos, second=second)
    if not written.is_new:
        return written.entry
    open_breaches(org, written.entry, draft, by=by, about=about)
    deeds = [recording("ledgers.entered", written.entry, by=by, org=org, breaches=len(draft.findings))]
    if completes and held.ledger.schedules:
        places = written.place_subjects if held.ledger.uses else []
        deeds.append(
            completion(
                org, by=by, rule=f"{RULE}{ledger}", day=draft.day, slot=sheet.slot,
                about_ids=[about.pk] if about else places, evidence_id=written.entry.public_id,
                until=draft.day + _longest(held.ledger),
            )
        )  # fmt: skip
    together(*deeds, *_links(written, by=by))
    name = f"{ENTERED}{ledger}"
    if name in followed_events():
        happened(name, org, at=by.moment, slot=sheet.slot, about_id=about.pk if about else 0)
    if SUBSCRIBERS.get(name):
        emit(name, by=by, org=org, subject=written.entry, day=draft.day, slot=sheet.slot, about=about)
    return written.entry


@verb
def amend_entry(
    entry: LedgerEntry,
    *,
    by: Viewer,
    why: str,
    values: Values,
    lines: Sequence[Values] = (),
    photos: Sequence[Upload] = (),
    nothing_to_report: bool = False,
    second: Account | None = None,
    confirmed: Collection[str] = (),
) -> LedgerEntry:
    """Put an entry right by a further one that names it and says why; both stay. In time it closes what was out of limits."""
    org, about = entry.org, entry.about
    require(by, "ledgers.record", at=org)
    if not why.strip():
        raise Refused(_("Say why: what was written wrongly, and how it was noticed."), field="why")
    held = resolved(entry.ledger, org, entry.day)
    draft = judge(Draft(held, entry.day, values, lines, nothing_to_report, confirmed), by=by)
    check_gate(org, draft, by=by, starts=False)
    if _says_the_same(entry, draft):
        raise Refused(_("Nothing was changed. Write the right value, or leave the entry as it is."))
    sheet = LedgerEntry(
        day=entry.day, org=org, ledger=entry.ledger, version=held.version, slot=entry.slot, about=about, at=by.moment,
        recorded_at=by.now, account_id=by.account_id, breaches=len(draft.findings), nothing_to_report=nothing_to_report,
        amends=entry.public_id, why=why.strip()[:WHY], from_paper=entry.from_paper,
    )  # fmt: skip
    written = _write(org, sheet, draft, by=by, about=about, photos=photos, second=second)
    if not written.is_new:
        return written.entry
    others = LedgerEntry.objects.filter(org=org, amends=entry.public_id).exclude(public_id=sheet.public_id)
    if others.exists():
        raise Refused(_("This entry was amended already. Open the newest one and amend that."))
    known = close_corrected(_line_of(entry), draft, written.entry, by=by)
    open_breaches(org, written.entry, draft, by=by, about=about, known=known)
    amended = recording("ledgers.amended", written.entry, by=by, org=org, amends=entry.public_id, why=sheet.why)
    together(amended, *_links(written, by=by))
    return written.entry


@dataclass
class _Written:
    """An entry in the database, not yet sealed; with the lock of its unit's chain."""

    entry: LedgerEntry
    is_new: bool
    chain: Chain | None = None
    place_subjects: Sequence[int] = ()


def _longest(ledger: Ledger) -> timedelta:
    """How long after a day a duty may fall due that an entry of that day does: a month for a monthly one."""
    return max((_PERIODS.get(one.every, timedelta(days=1)) for one in ledger.schedules), default=timedelta(0))


def _write(
    org: OrgUnit, sheet: LedgerEntry, draft: Draft, *, by: Viewer, about: Subject | None, photos: Sequence[Upload],
    second: Account | None,
) -> _Written:  # fmt: skip
    """Insert the entry unless the same was written already. The chain is held first: all writers of a unit queue there."""
    _check_second(draft, by, second)
    _check_photos(draft, photos, by)
    places = check_belongs(org, about, draft)
    sheet.content_id = content_id(org, draft, entry=sheet, about=about)
    if photos or not has_begun(org):
        hold(org)
    if photos and (known := _known(sheet)):
        return _Written(known, is_new=False)
    kept = [_keep(org, draft.resolved, photo, by) for photo in photos]
    digests = [file.blob.digest for file in kept]
    sheet.body, sheet.personal = body_of(sheet, draft, org=org, about=about, by=by, second=second, photos=digests)
    end, made = together(holding(org), insertion(sheet, unique=_ONCE))
    if not is_inserted(sheet, made):
        known = _known(sheet)
        assert known is not None
        return _Written(known, is_new=False)
    if kept:
        EntryPhoto.objects.bulk_create(EntryPhoto(org=org, entry_id=sheet.public_id, file=file) for file in kept)
    return _Written(sheet, is_new=True, chain=locked(org, end), place_subjects=places)


def _links(written: _Written, *, by: Viewer) -> tuple[Statement, ...]:
    """What seals the entry."""
    entry, chain = written.entry, written.chain
    assert chain is not None
    digest = digest_of(entry.body)
    return links(chain, by=by, item_id=entry.public_id, kind=KIND, digest=digest, captured_at=entry.at)


def _known(sheet: LedgerEntry) -> LedgerEntry | None:
    """What was written before with the same content for the same duty."""
    rows = LedgerEntry.objects.select_related("org", "about")
    found: LedgerEntry | None = rows.filter(org=sheet.org, day=sheet.day, content_id=sheet.content_id).first()
    return found


def _keep(org: OrgUnit, held: Resolved, photo: Upload, by: Viewer) -> StoredFile:
    title = held.ledger.title("zh")
    return keep_photo(
        org, by=by, upload=photo, permission="ledgers.view", name=title, stamp=f"{org.name} · {title}",
        data_class=DataClass.OPERATIONAL,
    )  # fmt: skip


def _check_second(draft: Draft, by: Viewer, second: Account | None) -> None:
    """The second signature is somebody else's; where it is asked for and nobody was there, the remark says so."""
    if second is not None and (second.pk == by.account_id or _same_person(second, by)):
        raise Refused(_("The second signature is somebody else's. Ask a colleague."), field="second")
    if second is None and draft.resolved.ledger.countersign and not _excused(draft, by):
        raise Refused(
            _("A second person signs here. Where nobody else was there, say so under remark."), field="second"
        )


def _same_person(second: Account, by: Viewer) -> bool:
    return by.person_id is not None and second.person_id == by.person_id


def _check_photos(draft: Draft, photos: Sequence[Upload], by: Viewer) -> None:
    if draft.resolved.ledger.photo.asked == "always" and not photos and not _excused(draft, by):
        raise Refused(
            _("A photo belongs to this entry. Where none can be taken, say why under remark."), field="photos"
        )


def _excused(draft: Draft, by: Viewer) -> bool:
    return by.is_system or draft.nothing_to_report or bool(str(draft.values.get(REMARK) or "").strip())


def _says_the_same(entry: LedgerEntry, draft: Draft) -> bool:
    values, lines = stored(entry)
    same = entry.nothing_to_report == draft.nothing_to_report and _plain(values) == _plain(draft.values)
    return same and [_plain(line) for line in lines] == [_plain(line) for line in draft.lines]


def _plain(values: Values) -> dict[str, Any]:
    return {code: value for code, value in values.items() if value is not None and value not in ("", [])}


def _line_of(entry: LedgerEntry) -> list[UUID]:
    """The entry and those that it amends, one after the other."""
    found, before = [entry.public_id], entry.amends
    while before is not None and before not in found:
        found.append(before)
        before = LedgerEntry.objects.filter(org=entry.org, public_id=before).values_list("amends", flat=True).first()
    return found
