"""Who lacks which papers of those that posts ask for: what gates of every floor ask (R-103, R-155)."""

from collections.abc import Collection
from datetime import date

from houqin.core.people.gates import Lack, Lacks, gate
from houqin.core.people.posts import post_kinds
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import kinds_on
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.queries import of_persons
from houqin.flows.credentials.rules import Held


@gate
def papers_lacking(persons: Collection[int], kinds: Collection[str], day: date) -> Lacks:
    """What is asked for and does not hold on the day. Four queries, however many people."""
    posts, known = post_kinds(day), kinds_on(day)
    asked = {code: [one for one in posts[code].requires if one in known] for code in kinds if code in posts}
    wanted = {code for codes in asked.values() for code in codes}
    held = of_persons(persons, wanted, day) if wanted else {}
    found: Lacks = {}
    for person in persons:
        for post, codes in asked.items():
            rows = {code: held.get((person, code), []) for code in codes}
            lacks = [_lack(known[code], rows[code]) for code in codes if not any(holds(row, day) for row in rows[code])]
            if lacks:
                found[person, post] = lacks
    return found


def holds(row: Credential, day: date) -> bool:
    """Whether a credential is valid on a day."""
    return Held(row.kind, row.issued_on, row.expires_on, row.revoked_on).holds(day)


def _lack(kind: CredentialKind, rows: list[Credential]) -> Lack:
    return Lack(
        code=kind.code,
        title_zh=kind.title_zh,
        title_en=kind.title_en,
        blocks=kind.gate == "post",
        by_law=kind.confidence == "A",
        source=f"{kind.source} {kind.clause}".strip(),
        ended_on=rows[0].expires_on if rows else None,
    )
