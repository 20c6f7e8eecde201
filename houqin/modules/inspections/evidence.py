"""What shows each member of a slogan framework at a school: when each thing was last looked at or written. Nothing is scored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.kinds import titles
from houqin.flows.credentials.models import Credential
from houqin.flows.ledgers.definitions import definitions
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.rectify.rules import A_YEAR
from houqin.modules.inspections.catalogue import Framework, Member, Shown
from houqin.modules.inspections.lists import Held, lists_on
from houqin.modules.inspections.models import Answer, OwnFramework, Visit, VisitState, Walk


@dataclass(frozen=True)
class Seen:
    """When an item was last looked at, whether it was out of order, and where that is written."""

    on: date
    failed: bool
    url: str


@dataclass(frozen=True)
class Piece:
    """One thing that shows a member: an item that was looked at, a ledger that is kept, a paper that is valid.

    ``last`` None: nothing of it is known within a year. ``failed``: it was not in order when it was last looked at.
    """

    what: str
    kind: str
    last: date | None
    url: str
    failed: bool = False


@dataclass(frozen=True)
class Shows:
    """A member with what shows it."""

    member: Member
    title: str
    own: bool
    pieces: tuple[Piece, ...]

    @property
    def known(self) -> int:
        """Of how many something is known."""
        return sum(piece.last is not None for piece in self.pieces)


def own_names(org: OrgUnit) -> dict[str, dict[str, str]]:
    """What members are called at a unit, by framework: as the nearest unit above it, or itself, has written. One query."""
    rows = OwnFramework.objects.filter(org__path__in=[*org.ancestor_paths, org.path], ended_at__isnull=True)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows.order_by("org__path"):
        found[row.framework] |= row.names
    return found


def shown_at(framework: Framework, org: OrgUnit, viewer: Viewer) -> list[Shows]:
    """Each member with what shows it at a school, within the last year. A fixed number of queries."""
    day, language = viewer.today, get_language() or ""
    wanted = [one for member in framework.members for one in member.shown]
    lists = lists_on(day)
    codes = {one.checklist for one in wanted if one.checklist}
    answers, walks = _answers(codes, org, viewer), _walks(codes, org, viewer)
    entries = _entries({one.ledger for one in wanted if one.ledger}, org, viewer)
    papers = _papers({one.credential for one in wanted if one.credential}, org, viewer)
    ledgers = {one.code: one.title(language) for one in definitions(day)}
    called, kinds = own_names(org)[framework.code], titles(day)
    found = []
    for member in framework.members:
        pieces: list[Piece] = []
        for one in member.shown:
            if one.checklist:
                pieces += _of_list(one, lists, answers, walks, language)
            elif one.ledger:
                pieces.append(_of_ledger(one.ledger, ledgers, entries, org))
            else:
                pieces.append(_of_paper(one.credential, kinds, papers, org))
        own = not member.spelled_out and member.code in called
        found.append(Shows(member, called[member.code] if own else member.title(language), own, tuple(pieces)))
    return found


def _answers(lists: Iterable[str], org: OrgUnit, viewer: Viewer) -> Mapping[tuple[str, str], Seen]:
    """The newest answer of a year to each item of these checklists, by visits that are signed. One query."""
    visits = Visit.objects.visible_to(viewer).filter(org=org, state=VisitState.SIGNED, day__gt=viewer.today - A_YEAR)
    rows = Answer.objects.filter(visit__in=visits.values("pk"), checklist__in=lists).exclude(
        outcome=Answer.Outcome.NOT_APPLICABLE
    )
    found: dict[tuple[str, str], Seen] = {}
    for code, item, day, outcome, visit in rows.order_by("visit__day", "pk").values_list(
        "checklist", "item", "visit__day", "outcome", "visit__public_id"
    ):
        url = reverse("inspections:visits-detail", args=[visit])
        found[code, item] = Seen(day, outcome == Answer.Outcome.FAILED, url)
    return found


def _walks(lists: Iterable[str], org: OrgUnit, viewer: Viewer) -> dict[str, Walk]:
    """The newest round of a year by each of these checklists. One query."""
    rows = Walk.objects.visible_to(viewer).filter(org=org, checklist__in=lists, day__gt=viewer.today - A_YEAR)
    return {row.checklist: row for row in rows.order_by("walked_at", "pk")}


def _entries(codes: Iterable[str], org: OrgUnit, viewer: Viewer) -> dict[str, date]:
    rows = LedgerEntry.objects.visible_to(viewer).filter(org=org, ledger__in=codes, day__gt=viewer.today - A_YEAR)
    return dict(rows.order_by().values("ledger").annotate(last=Max("day")).values_list("ledger", "last"))


def _papers(kinds: Iterable[str], org: OrgUnit, viewer: Viewer) -> dict[str, date]:
    """The day on which the newest paper of each kind was recorded, of those valid today."""
    rows = Credential.objects.visible_to(viewer).filter(org=org, kind__in=kinds).standing().valid_on(viewer.today)
    found: dict[str, date] = defaultdict(lambda: date.min)
    for kind, at in rows.order_by().values("kind").annotate(at=Max("recorded_at")).values_list("kind", "at"):
        found[kind] = localtime(at).date()
    return dict(found)


def _of_list(
    one: Shown,
    lists: Mapping[str, Held],
    answers: Mapping[tuple[str, str], Seen],
    walks: Mapping[str, Walk],
    language: str,
) -> list[Piece]:
    """The items of a checklist; without items named, the checklist as a whole."""
    held = lists.get(one.checklist)
    if held is None:
        return []
    walk = walks.get(one.checklist)
    if not one.items:
        seen = [found for (code, _item), found in answers.items() if code == one.checklist]
        found = _newest(max(seen, key=lambda one: one.on, default=None), walk, "")
        return [_piece(str(held), "checklist", found, one.checklist, "")]
    known = {item.code: item for item in held.checklist.items}
    return [
        _piece(
            known[code].title(language), "item", _newest(answers.get((one.checklist, code)), walk, code), one.checklist, code
        )
        for code in one.items
    ]  # fmt: skip


def _newest(seen: Seen | None, walk: Walk | None, item: str) -> Seen | None:
    """The later of a visit's answer and of a round."""
    if walk is None or (seen is not None and seen.on >= walk.day):
        return seen
    return Seen(walk.day, item in walk.failed, reverse("inspections:rounds-detail", args=[walk.public_id]))


def _piece(what: str, kind: str, found: Seen | None, checklist: str, item: str) -> Piece:
    page = reverse("inspections:checklist", args=[checklist])
    if found is None:
        return Piece(what, kind, None, f"{page}#{item}" if item else page)
    return Piece(what, kind, found.on, found.url, bool(item) and found.failed)


def _of_ledger(code: str, names: Mapping[str, str], entries: Mapping[str, date], org: OrgUnit) -> Piece:
    url = f"{reverse('ledgers:entries')}?{urlencode({'ledger': code, 'org': org.pk})}"
    return Piece(names.get(code, code), "ledger", entries.get(code), url)


def _of_paper(kind: str, names: Mapping[str, Any], papers: Mapping[str, date], org: OrgUnit) -> Piece:
    url = f"{reverse('credentials:papers')}?{urlencode({'kind': kind, 'org': org.pk})}"
    return Piece(str(names.get(kind, kind)), "paper", papers.get(kind), url)
