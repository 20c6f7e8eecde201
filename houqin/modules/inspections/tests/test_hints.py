"""Hints for a person of the office: what stands out is kept once, explained, and answered with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from houqin.core.audit.models import AuditEntry
from houqin.core.files.likeness import remember
from houqin.core.files.models import Blob, StoredFile
from houqin.core.files.tests.test_likeness import kitchen
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.rectify.models import Finding, Look, LookPhoto
from houqin.modules.inspections.actions.noticing import raise_flags
from houqin.modules.inspections.actions.reporting import dismiss_flag
from houqin.modules.inspections.models import Answer, Flag, Visit, VisitInspector
from houqin.modules.inspections.tests.test_boards import at, found, visited
from tests.world import NOON, TODAY, World, make_account, make_school

A_DAY = timedelta(days=1)


def answered(visit: Visit, items: int, failed: int) -> Visit:
    rows = [
        Answer(
            visit=visit,
            checklist="k",
            item=f"i{number}",
            outcome="failed" if number < failed else "ok",
            answered_at=NOON,
        )
        for number in range(items)
    ]
    Answer.objects.bulk_create(rows)
    return visit


def photo(world: World, row: Finding, kind: str, days_ago: int, image: Image.Image, sent: int = 0) -> StoredFile:
    """A photo taken so many days ago, and sent so many days after it was taken."""
    look = Look.objects.create(finding=row, kind=kind, at=at(TODAY - A_DAY * days_ago), unit=row.org)
    blob = Blob.objects.create(digest=f"d{Blob.objects.count()}", media_type="image/jpeg", size_bytes=1)
    remember(blob, image)
    file: StoredFile = StoredFile.objects.create(
        org=row.org,
        blob=blob,
        data_class="operational",
        permission="rectify.view",
        name="照片",
        stored_at=look.at + A_DAY * sent,
    )
    LookPhoto.objects.create(look=look, file=file)
    return file


def raised(world: World) -> list[Any]:
    raise_flags(by=world.system)
    return list(Flag.objects.order_by("pk"))


def test_a_self_check_with_full_marks_before_a_bad_visit(world: World) -> None:
    visited(world, TODAY - A_DAY * 9, kind="self", office=world.school_a, score_hundredths=10_000)
    answered(visited(world, TODAY - A_DAY * 2), 10, 4)
    (flag,) = raised(world)
    assert (flag.kind, flag.org) == ("perfect", world.school_a)
    assert flag.facts["failed"] == 4
    assert raised(world) == [flag]


def test_a_good_visit_or_an_honest_self_check_raises_nothing(world: World) -> None:
    visited(world, TODAY - A_DAY * 9, kind="self", office=world.school_a, score_hundredths=10_000)
    answered(visited(world, TODAY - A_DAY * 2), 10, 2)
    visited(world, TODAY - A_DAY * 9, world.school_b, kind="self", office=world.school_b, score_hundredths=9_000)
    answered(visited(world, TODAY - A_DAY * 2, world.school_b), 10, 6)
    assert raised(world) == []


def test_an_inspector_who_sees_a_third_at_like_schools(world: World) -> None:
    others = make_account("qin", "秦科员", "office_staff", world.town)
    for number in range(6):
        school = make_school(world.town, f"学校{number}", number + 20)
        for who, failed in ((world.bai, 2), (others, 10), (world.bo, 12)):
            visit = answered(visited(world, TODAY - A_DAY * (number + 3), school), 40, failed)
            VisitInspector.objects.create(visit=visit, account=who)
    flags = raised(world)
    assert [(one.kind, one.inspector) for one in flags if one.inspector == world.bai] == [("strictness", world.bai)]
    assert flags[0].org == world.town
    assert {one.kind for one in flags} == {"strictness"}


def test_a_photo_that_was_used_before_at_the_school(world: World) -> None:
    old, new = found(world, TODAY - A_DAY * 40), found(world, TODAY - A_DAY * 3)
    photo(world, old, "fixed", 38, kitchen())
    photo(world, new, "fixed", 0, kitchen().resize((500, 375)))
    photo(world, new, "fixed", 0, kitchen(250))
    (flag,) = raised(world)
    assert (flag.kind, flag.org, flag.facts["what"]) == ("photo", world.school_a, old.number)
    assert flag.facts["same"] is False


def test_a_photo_that_a_phone_sends_days_later_is_new_when_it_comes(world: World) -> None:
    old, new, seen = found(world, TODAY - A_DAY * 40), found(world, TODAY - A_DAY * 9), found(world, TODAY - A_DAY * 8)
    photo(world, old, "fixed", 38, kitchen())
    photo(world, seen, "fixed", 5, kitchen())
    assert raised(world) == []
    photo(world, new, "fixed", 4, kitchen(), sent=4)
    (flag,) = raised(world)
    assert (flag.kind, flag.address) == ("photo", reverse("rectify:findings-detail", args=[new.public_id]))


def test_the_photo_of_before_handed_in_as_after(world: World) -> None:
    row = found(world, TODAY - A_DAY * 3)
    photo(world, row, "found", 3, kitchen())
    photo(world, row, "fixed", 0, kitchen())
    (flag,) = raised(world)
    assert flag.facts["same"] is True


def test_two_photos_of_one_deed_and_those_of_another_school_raise_nothing(world: World) -> None:
    row, there = found(world, TODAY - A_DAY * 3), found(world, TODAY - A_DAY * 30, world.school_b)
    photo(world, there, "fixed", 29, kitchen())
    photo(world, row, "fixed", 1, kitchen())
    photo(world, row, "fixed", 0, kitchen())
    assert raised(world) == []


def hint(world: World) -> Any:
    return Flag.objects.create(
        org=world.school_a, kind="perfect", key="perfect:1", flagged_at=NOON,
        facts={"check": "2024-02-28", "visit": "2024-03-01", "failed": 4, "red": 1},
    )  # fmt: skip


def test_a_hint_is_answered_once_with_a_reason(world: World) -> None:
    flag = hint(world)
    with pytest.raises(Refused, match="请写明核看结果"):
        dismiss_flag(flag, by=world.viewer("bo"), reason=" ")
    dismiss_flag(flag, by=world.viewer("bo"), reason="当天停水，已核实")
    flag.refresh_from_db()
    assert (flag.dismissed_by, flag.reason) == (world.bo, "当天停水，已核实")
    with pytest.raises(Refused, match="已有人核看"):
        dismiss_flag(flag, by=world.viewer("bai"), reason="再看")
    assert AuditEntry.objects.filter(event="inspections.flag_dismissed").count() == 1


def test_a_hint_is_for_planners_of_the_office_alone(world: World, client: Client) -> None:
    flag = hint(world)
    for who in ("gao", "an", "chen", "eve"):
        with pytest.raises(NotVisible):
            dismiss_flag(flag, by=world.viewer(who), reason="看过")
    flag.refresh_from_db()
    assert flag.dismissed_at is None
    for who, status in (("bo", 200), ("gao", 403), ("eve", 403)):
        client.force_login(getattr(world, who))
        assert client.get(reverse("inspections:hints-detail", args=[flag.public_id])).status_code == status


def test_a_hint_about_oneself_is_for_somebody_else(world: World, client: Client) -> None:
    facts = {"visits": 6, "items": 240, "failed": 12, "expected": 48}
    flag = Flag.objects.create(
        org=world.town, kind="strictness", key="s:1", flagged_at=NOON, inspector=world.bo, facts=facts
    )
    other = hint(world)
    bo = world.viewer("bo")
    assert list(Flag.objects.visible_to(bo)) == [other]
    assert set(Flag.objects.visible_to(world.viewer("bai"))) == {flag, other}
    with pytest.raises(NotVisible):
        dismiss_flag(flag, by=bo, reason="看过")
    flag.refresh_from_db()
    assert flag.dismissed_at is None
    client.force_login(world.bo)
    assert client.get(reverse("inspections:hints-detail", args=[flag.public_id])).status_code == 404
    assert list(client.get(reverse("inspections:hints")).context["table"].data.data) == [other]
    assert dismiss_flag(flag, by=world.viewer("bai"), reason="学校情况不同").dismissed_by == world.bai


def test_only_the_system_looks_for_hints(world: World) -> None:
    with pytest.raises(Refused):
        raise_flags(by=world.viewer("bo"))
    assert not Flag.objects.exists()
