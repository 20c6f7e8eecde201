"""Who fell ill is for the case team: no page, search, notice, report, trail or table beside the register holds the name."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from houqin.core.scope.refusals import Refused
from houqin.flows.cases.actions.working import add_entry, do_step
from houqin.flows.cases.models import Entry
from houqin.modules.canteen.actions.incidents import (
    ask_package,
    note_call,
    provide_meal,
    raise_alarm,
    register_ill,
    seal_things,
    send_report,
    strike_ill,
    tell_other_parents,
    tell_parents,
)
from houqin.modules.canteen.actions.incidents.sealing import Thing
from houqin.modules.canteen.models import Ill, KitchenStop
from houqin.modules.canteen.queries.incidents.drafting import report_draft
from houqin.modules.canteen.queries.incidents.figures import attack_of, figures_of
from houqin.modules.canteen.tests.incident_scene import Outbreak, make_outbreak
from tests.jobs import run_jobs
from tests.matrix.furnished import signed_in
from tests.world import World

NAME = "慕容晓雪"
PAGES = (
    "step", "note", "ill", "correct", "search", "parents", "calls", "seal", "dishes", "report", "notice", "meal", "package",
    "release", "end",
)  # fmt: skip
OUTSIDE = ("shi", "an", "bo", "op", "eve")  # cook, keeper, town, platform, audit; whoever is out of reach has a 404


@pytest.fixture
def now(world: World) -> Outbreak:
    """One who stands on no class list, so that the name is written in one place alone; and everything done about it."""
    scene = make_outbreak(world, timezone.now())
    case, gao = scene.alarm(), scene.by("gao", 5)
    ill = register_ill(
        case,
        by=gao,
        name=NAME,
        class_group=scene.groups[0],
        onset_at=scene.now,
        signs=["fever"],
        ate=[(scene.meal, "米饭")],
    )
    wrong = register_ill(case, by=gao, name=f"{NAME}二", onset_at=scene.now, signs=["pain"])
    strike_ill(wrong, by=gao, reason="同一个人")
    tell_parents(ill, by=gao, note="在路上")
    note_call(case, by=gao, body="market", answered_by="值班员")
    seal_things(case, by=scene.by("shi", 9), kind="tools", things=[Thing(what="菜板")])
    send_report(
        case, by=gao, kind="first", body=report_draft(case, "first", figures_of(case), attack_of(case)), to="区局"
    )
    tell_other_parents(case, by=gao, text="有学生不适，已照护。")
    ask_package(case, by=gao)
    run_jobs()
    return scene


def test_no_table_beside_the_register_holds_it(now: Outbreak) -> None:
    holding = [
        model._meta.label
        for model in apps.get_models()
        if model is not Ill and NAME in json.dumps(list(model._base_manager.values()), default=str, ensure_ascii=False)
    ]
    assert holding == []
    assert {str(one) for one in Ill.objects.all()} == {"三年级一班", "成年人"}


def test_no_page_of_the_case_shows_it_to_anybody_else(now: Outbreak) -> None:
    assert now.case is not None
    ref = now.case.public_id
    ill = Ill.objects.standing().get()
    pages = [
        "/", reverse("ui:notices"), f"{reverse('ui:search')}?q={NAME[:2]}", reverse("canteen:incident", args=[ref]),
        reverse("cases:cases"), reverse("cases:cases-detail", args=[ref]), reverse("canteen:incident-register", args=[ref]),
        reverse("canteen:incident-report-print", args=[now.case.reports.get().public_id]),
        *(f"{reverse('canteen:incident-deed', args=[ref, deed])}?full=1&ill={ill.public_id}&class={now.groups[0].pk}" for deed in PAGES),
    ]  # fmt: skip
    for name in OUTSIDE:
        client = signed_in(now.world, name)
        for page in pages:
            assert NAME not in read(client.get(page)), (name, page)
    seen = [page for page in pages if NAME in read(signed_in(now.world, "gao").get(page))]
    assert len(seen) >= 3, "the head of school reads it in the register, at the class and among the families"


def read(answer: Any) -> str:
    return b"".join(answer).decode()


class TestWords:
    """What others read names nobody; whoever may not know learns nothing by trying."""

    def test_who_knows_a_name_does_not_write_it_where_others_read(self, now: Outbreak) -> None:
        case, gao = now.case, now.by("gao", 20)
        assert case is not None
        words = f"{NAME}已送医院"
        before = Entry.objects.count()
        for deed in (
            lambda: add_entry(case, by=gao, text=words),
            lambda: do_step(case.steps.get(code="start-plan"), by=gao, note=words),
            lambda: note_call(case, by=gao, body="health", answered_by="值班员", said=words),
            lambda: provide_meal(case, by=gao, instead=words, boarders_instead="面条"),
            lambda: tell_other_parents(case, by=gao, text=words),
            lambda: send_report(case, by=gao, kind="follow-up", body=words, to="区局"),
            lambda: raise_alarm(case.org, by=gao, what=words),
        ):
            with pytest.raises(Refused, match=NAME):
                deed()
        assert Entry.objects.count() == before
        assert not KitchenStop.objects.exists()

    def test_an_office_that_guesses_learns_nothing(self, now: Outbreak) -> None:
        assert now.case is not None
        for guess in (NAME, "李四光"):
            add_entry(now.case, by=now.by("bo", 20), text=f"是不是{guess}？")
        with pytest.raises(PermissionDenied):
            register_ill(now.case, by=now.by("bo", 20), name=NAME, onset_at=now.now, signs=["pain"])
