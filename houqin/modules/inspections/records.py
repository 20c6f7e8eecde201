"""The record of a visit as one canonical text: what is sealed when both sides have signed."""

from datetime import UTC, datetime
from typing import Any

from houqin.flows.seals.rules import canonical, commitment
from houqin.modules.inspections.models import Answer, Signature, Visit

PLAIN = ("outcome", "level", "value_thousandths", "place", "remark", "on_the_spot")


def text_of(visit: Visit) -> str:
    """The visit, its answers with the digests of their photos, and who signed, as one text."""
    answers = visit.answers.select_related("finding").prefetch_related("photos__file__blob")
    return canonical(
        columns_of(visit)
        | {
            "answers": [answer_of(one) | {"photos": photos_of(one)} for one in answers],
            "signatures": [signature_of(one) for one in visit.signatures.select_related("account", "image__blob")],
        }
    )


def columns_of(visit: Visit) -> dict[str, Any]:
    """What stands in the row of a visit."""
    return {
        "number": visit.number, "org": str(visit.org.public_id), "office": str(visit.office.public_id), "kind": visit.kind,
        "day": str(visit.day or ""), "began_at": _iso(visit.began_at), "signed_at": _iso(visit.signed_at), "lists": visit.lists,
        "score": visit.score_hundredths, "grade": visit.grade, "red_lines": visit.red_lines, "remark": visit.remark,
    }  # fmt: skip


def answer_of(answer: Answer) -> dict[str, Any]:
    """What was seen at an item."""
    plain = {name: getattr(answer, name) for name in PLAIN}
    finding = answer.finding.number if answer.finding else ""
    return {
        "list": answer.checklist, "item": answer.item, **plain, "at": _iso(answer.answered_at), "finding": finding,
    }  # fmt: skip


def photos_of(answer: Answer) -> list[str]:
    """The digests of the photos of an answer."""
    return sorted(photo.file.blob.digest for photo in answer.photos.all())


def signature_of(sign: Signature) -> dict[str, Any]:
    """Who signed for whom: the name as a commitment, the drawing by its digest."""
    return {
        "side": sign.side, "who": commitment(sign.salt, who(sign)), "image": sign.image.blob.digest if sign.image else "",
        "objection": sign.objection, "refused_why": sign.refused_why,
    }  # fmt: skip


def who(sign: Signature) -> list[str]:
    """The name and, where it is one of ours, the account."""
    return [sign.name, str(sign.account.public_id) if sign.account else ""]


def _iso(moment: datetime | None) -> str:
    """In UTC, as the database gives it back: what is sealed must read the same ever after."""
    return moment.astimezone(UTC).isoformat() if moment else ""
