"""The text that is sealed, what of it is personal, and how both are read back."""

import hmac
import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.ledgers.definitions import Resolved, as_written
from houqin.flows.ledgers.drafts import Draft
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.rules.judging import LINE, REMARK
from houqin.flows.seals.rules import canonical, commitment

BY, SECOND = "by", "second"
COMMITTED = re.compile(r"[0-9a-f]{64}")
Personal = dict[str, tuple[str, Any]]


def body_of(
    entry: LedgerEntry, draft: Draft, *, org: OrgUnit, about: Subject | None, by: Viewer, second: Account | None,
    photos: list[str],
) -> tuple[str, str]:  # fmt: skip
    """The canonical text of an entry and its personal values apart, each with the salt of its commitment."""
    personal: Personal = {}
    body: dict[str, Any] = {
        "org": str(org.public_id),
        "ledger": entry.ledger,
        "version": entry.version,
        "day": entry.day.isoformat(),
        "slot": entry.slot,
        "at": entry.at.astimezone(UTC).isoformat(),
        "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(),
        "about": str(about.public_id) if about else "",
        "about_label": about.label if about and about.person_id is None else "",
        "photos": photos,
        "nothing_to_report": entry.nothing_to_report,
        "amends": str(entry.amends or ""),
        "why": entry.why,
        "late_because": entry.late_because,
        "from_paper": entry.from_paper,
        "confirmed": sorted(draft.sure),
        "out": sorted({found.key for found in draft.findings}),
        BY: _kept("by", {"id": str(by.account_public_id or ""), "name": by.name}, personal),
        SECOND: _kept("second", {"id": str(second.public_id), "name": str(second)}, personal) if second else "",
    }
    body["values"] = _part("values", draft.values, personal_codes(draft.resolved, of_lines=False), personal)
    inner = personal_codes(draft.resolved, of_lines=True)
    body["lines"] = [_part(f"lines/{n}", line, inner, personal) for n, line in enumerate(draft.lines)]
    return canonical(body), json.dumps(personal, ensure_ascii=False)


def _part(at: str, values: Mapping[str, Any], codes: frozenset[str], personal: Personal) -> dict[str, Any]:
    return {
        code: _kept(f"{at}/{code}", value, personal) if code in codes else value
        for code, value in values.items()
        if value is not None and value not in ("", [])
    }


def _kept(at: str, value: Any, personal: Personal) -> str:
    salt = secrets.token_hex(16)
    personal[at] = (salt, value)
    return commitment(salt, value)


def personal_codes(resolved: Resolved, *, of_lines: bool) -> frozenset[str]:
    """Codes whose values are personal: marked so, or a person; of a list of staff also whom a line is about, and its remark."""
    lines = resolved.lines
    columns = (lines.columns if lines else ()) if of_lines else resolved.columns
    codes = {column.code for column in columns if column.personal or column.kind == "person"}
    return frozenset(codes | ({LINE, REMARK} if of_lines and lines and lines.of == "staff" else set()))


def content_id(org: OrgUnit, draft: Draft, *, entry: LedgerEntry, about: Subject | None) -> UUID:
    """A keyed digest of what was written for which duty: whoever has no key learns nothing of the values from it.

    Where no duty asks for the ledger, the minute counts as well: two visitors may be called the same.
    """
    content = {
        "org": org.pk, "ledger": entry.ledger, "day": entry.day.isoformat(), "slot": entry.slot,
        "about": about.pk if about else 0, "values": _given(draft.values), "lines": [_given(one) for one in draft.lines],
        "nothing": draft.nothing_to_report, "amends": str(entry.amends or ""), "paper": entry.from_paper,
        "minute": "" if draft.resolved.ledger.schedules or entry.amends else f"{entry.at.astimezone(UTC):%Y%m%d%H%M}",
    }  # fmt: skip
    digest = hmac.new(settings.SECRET_KEY.encode(), canonical(content).encode(), sha256).digest()
    return UUID(bytes=digest[:16])


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value for code, value in values.items() if value is not None and value not in ("", [])}


def personal_of(entry: LedgerEntry) -> Personal:
    """Personal values with their salts, by their place in the body; empty when all were erased."""
    found: dict[str, list[Any]] = json.loads(entry.personal) if entry.personal else {}
    return {at: (salt, value) for at, (salt, value) in found.items()}


def stored(entry: LedgerEntry) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Values and lines as they were given; None in place of what was erased."""
    resolved = as_written(entry.ledger, entry.version, entry.org)
    body, kept = json.loads(entry.body), personal_of(entry)
    head = _opened(body["values"], "values", personal_codes(resolved, of_lines=False), kept)
    inner = personal_codes(resolved, of_lines=True)
    return head, [_opened(line, f"lines/{n}", inner, kept) for n, line in enumerate(body["lines"])]


def _opened(values: dict[str, Any], at: str, codes: frozenset[str], kept: Personal) -> dict[str, Any]:
    return {code: _open(value, f"{at}/{code}", kept) if code in codes else value for code, value in values.items()}


def _open(value: Any, at: str, kept: Personal) -> Any:
    """What a commitment stands for; None when that was erased. A remark of former days was written openly."""
    return kept[at][1] if at in kept else None if is_commitment(value) else value


def is_commitment(value: Any) -> bool:
    """Whether this stands in place of a personal value."""
    return isinstance(value, str) and COMMITTED.fullmatch(value) is not None
