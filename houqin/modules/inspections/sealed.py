"""How sealed records of visits are read back: the text as sealed, and what in the rows disagrees with it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.flows.seals.contents import Content, Problem, contents
from houqin.flows.seals.models import Seal
from houqin.flows.seals.rules import Header, commitment
from houqin.modules.inspections.models import Visit, VisitState
from houqin.modules.inspections.records import answer_of, columns_of, photos_of, signature_of, who

VISIT = "visit"


def unsealed_visits(org: OrgUnit) -> Iterator[UUID]:
    """Signed visits that no seal names."""
    named = Seal.objects.filter(org=org).values("item_id")
    rows = Visit.objects.filter(org=org, state=VisitState.SIGNED).exclude(public_id__in=named)
    yield from rows.values_list("public_id", flat=True)


@contents(VISIT, unsealed=unsealed_visits)
def read_visits(org: OrgUnit, headers: Sequence[Header]) -> Iterator[Content]:
    """The sealed text of each visit, with every column, answer, photo and signature that is no longer what it says."""
    rows = Visit.objects.filter(public_id__in=[header.item for header in headers]).select_related("org", "office")
    for row in rows.prefetch_related("answers__finding", "answers__photos__file__blob", "signatures__image__blob"):
        yield Content(row.public_id, row.content, list(_problems(row)))


def _problems(row: Visit) -> Iterator[Problem]:
    try:
        body: dict[str, Any] = json.loads(row.content)
        answers = {(one["list"], one["item"]): one for one in body["answers"]}
        signed = list(body["signatures"])
    except (ValueError, KeyError, TypeError):
        return  # the text is not what was sealed, which its digest says
    if row.state != VisitState.SIGNED:
        yield Problem("column", "state")
    for name, value in columns_of(row).items():
        if body.get(name) != value:
            yield Problem("column", name)
    for answer in row.answers.all():
        told = answers.pop((answer.checklist, answer.item), {})
        photos = told.pop("photos", [])
        if told != answer_of(answer):
            yield Problem("column", f"{answer.checklist}.{answer.item}")
        for digest in set(photos) - set(photos_of(answer)):
            yield Problem("photo_gone", digest)
    for left in answers.values():
        yield Problem("column", f"{left['list']}.{left['item']}")
    yield from _signatures(row, signed)


def _signatures(row: Visit, signed: list[dict[str, Any]]) -> Iterator[Problem]:
    signs = list(row.signatures.all())
    if len(signs) != len(signed):
        yield Problem("column", "signatures")
    for sign, told in zip(signs, signed, strict=False):
        if not sign.salt:
            yield Problem("personal_gone", sign.side)
        elif told["who"] != commitment(sign.salt, who(sign)):
            yield Problem("personal", sign.side)
        plain = signature_of(sign)
        if any(told.get(name) != plain[name] for name in ("side", "objection", "refused_why")):
            yield Problem("column", "signatures")
        if sign.salt and told["image"] != plain["image"]:
            yield Problem("photo_gone", told["image"])
