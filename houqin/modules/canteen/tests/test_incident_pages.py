"""The pages of the first two hours: the button, the list of one's post, names for the case team, the package."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.loading import load_catalogues
from houqin.flows.cases.models import Case, Entry
from houqin.flows.ledgers.models import LedgerEntry
from houqin.modules.canteen.actions.incidents import ask_package, receive_package, send_report, suspect
from houqin.modules.canteen.models import Call, ClassSearch, EmergencyNumber, HandOver, Ill, IncidentReport
from houqin.modules.canteen.tests.incident_scene import CUCUMBER, RICE, Outbreak, make_outbreak
from houqin.modules.canteen.today.incidents import button_and_list, under_way
from houqin.ui.nav import alarms
from tests.jobs import run_jobs
from tests.matrix.furnished import signed_in
from tests.world import World


@pytest.fixture
def now(world: World) -> Outbreak:
    """The same today: pages know the real time."""
    load_catalogues(by=world.system)
    return make_outbreak(world, timezone.now())


def url(case: Case, deed: str = "", **query: str) -> str:
    return (
        reverse("canteen:incident-deed", args=[case.public_id, deed])
        if deed
        else reverse("canteen:incident", args=[case.public_id])
    )


def client(now: Outbreak, name: str) -> Client:
    return signed_in(now.world, name)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_button_stands_on_every_page_of_the_staff_and_opens_one_case(now: Outbreak) -> None:
    assert reverse("canteen:alarm") in text(client(now, "wu").get("/"))
    assert reverse("canteen:alarm") not in text(client(now, "du").get("/"))
    assert "data-offline" in text(client(now, "wu").get(reverse("canteen:alarm")))
    for name in ("wu", "lin"):
        answer = client(now, name).post(reverse("canteen:alarm"), {"what": "呕吐"})
        assert answer.status_code == 302, text(answer)
    case = Case.objects.get()
    assert (case.drill, case.detail) == (False, "呕吐")
    assert answer["Location"] == url(case)


def test_every_role_of_the_school_and_the_offices_has_the_button(now: Outbreak) -> None:
    has = {
        name: [item.url_name for item in alarms(now.by(name))] for name in ("gao", "an", "shi", "lin", "wu", "bo", "du")
    }
    assert has.pop("du") == []
    assert set(map(tuple, has.values())) == {("canteen:alarm",)}


def test_a_wrong_row_is_put_right_and_struck_out_on_its_page(now: Outbreak) -> None:
    case = now.alarm()
    ill = now.falls_ill(now.pupils[now.groups[0].pk][1], minutes=0)
    page = f"{url(case, 'correct')}?ill={ill.public_id}"
    lin = client(now, "lin")
    assert f"?ill={ill.public_id}" in text(lin.get(url(case, "ill")))
    assert f'value="{now.meal.pk}|{CUCUMBER}"' in text(lin.get(page))
    given = {
        "onset_at": timezone.localtime(now.now).strftime("%Y-%m-%dT%H:%M"), "signs": ["pain"], "other": "",
        "ate": [f"{now.meal.pk}|{RICE}"], "where": "hospital", "reason": "已送医院",
    }  # fmt: skip
    assert lin.post(page, given | {"reason": ""}).status_code == 422
    assert lin.post(page, given).status_code == 302
    right = Ill.objects.standing().get()
    assert (right.corrects, right.where, [one.dish for one in right.ate.all()]) == (ill, "hospital", [RICE])
    for name in ("shi", "bo"):
        assert client(now, name).get(f"{url(case, 'correct')}?ill={right.public_id}").status_code == 404
    assert lin.post(url(case, "strike"), {"ill": str(right.public_id), "reason": "不是本班的"}).status_code == 302
    assert not Ill.objects.standing().exists()
    shown = text(lin.get(url(case, "ill")))
    assert "不是本班的" in shown
    assert right.name in text(lin.get(f"{url(case, 'ill')}?full=1"))


def test_papers_to_print_a_report_and_the_register(now: Outbreak) -> None:
    case = now.alarm()
    ill = now.falls_ill(now.pupils[now.groups[0].pk][1], minutes=0)
    register = reverse("canteen:incident-register", args=[case.public_id])
    assert ill.name in text(client(now, "gao").get(register))
    assert AuditEntry.objects.get(event="ui.personal_data_shown").actor_name == now.world.gao.display_name
    assert client(now, "bo").get(register).status_code == 404
    sent = send_report(case, by=now.by("gao"), kind="first", body="初报：1人发病。", to="区局")
    assert sent.body in text(client(now, "bo").get(reverse("canteen:incident-report-print", args=[sent.public_id])))


def test_an_office_keeps_numbers_for_every_school_below(now: Outbreak) -> None:
    page = reverse("canteen:emergency-numbers")
    bo = client(now, "bo")
    given = {"body": "market", "phone": "0710-2222222", "note": "值班室"}
    assert bo.post(f"{page}?org={now.world.town.path}", given).status_code == 302
    shown = text(client(now, "shi").get(page))
    assert "0710-2222222" in shown
    assert "<form class=" not in shown.split('id="market"')[1].split("</section>")[0]
    assert client(now, "shi").post(page, given).status_code == 403
    assert client(now, "hu").post(f"{page}?org={now.world.town.path}", given).status_code == 404


def test_a_form_sent_twice_is_done_once(now: Outbreak) -> None:
    given = {"_key": "0f0f0f0f-0000-4000-8000-000000000001", "is_drill": "on"}
    for _ in range(2):
        assert client(now, "shi").post(reverse("canteen:alarm"), given).status_code == 302
    assert Case.objects.get().drill
    assert not Entry.objects.exists()


def test_everybody_reads_the_list_of_the_own_post(now: Outbreak) -> None:
    case = now.alarm()
    page = text(client(now, "gao").get(url(case)))
    assert 'id="mine"' in page
    assert "data-since" in page
    assert 'id="step-start-plan"' in page
    assert client(now, "bo").get(url(case)).status_code == 200
    assert client(now, "hu").get(url(case)).status_code == 404
    assert client(now, "du").get(url(case)).status_code == 403
    assert [row.url for row in under_way(now.by("bo"))] == [url(case)]
    assert reverse("canteen:alarm") in list(button_and_list(now.by("shi")))


def test_the_town_sees_no_drill_on_today(now: Outbreak) -> None:
    now.alarm(drill=True)
    assert list(under_way(now.by("bo"))) == []
    assert len(list(under_way(now.by("shi")))) == 1


def test_a_step_is_ticked_or_left_out_with_a_reason(now: Outbreak) -> None:
    case = now.alarm()
    gao = client(now, "gao")
    assert gao.post(url(case, "step"), {"code": "start-plan", "note": ""}).status_code == 302
    assert gao.post(url(case, "step"), {"code": "call-police", "note": "", "skip": "on"}).status_code == 422
    assert gao.post(url(case, "step"), {"code": "call-police", "note": "没有投毒迹象", "skip": "on"}).status_code == 302
    assert list(case.steps.filter(done_at__isnull=False).values_list("code", "not_applicable")) == [
        ("start-plan", False), ("call-police", True),
    ]  # fmt: skip
    assert client(now, "bo").post(url(case, "step"), {"code": "stop-food", "note": "好"}).status_code == 403


def test_a_class_is_registered_and_searched_on_its_pages(now: Outbreak) -> None:
    case = now.alarm()
    lin, group = client(now, "lin"), now.groups[0]
    shown = text(lin.get(url(case, "ill")))
    pupil = now.pupils[group.pk][1]
    assert pupil.name in shown
    given = {
        "pupil": str(pupil.pk), "name": "", "onset_at": timezone.localtime(now.now).strftime("%Y-%m-%dT%H:%M"), "signs": ["vomiting"],
        "ate": [f"{now.meal.pk}|{CUCUMBER}", f"{now.meal.pk}|{RICE}"], "where": "school", "other": "",
    }  # fmt: skip
    assert lin.post(url(case, "ill"), given).status_code == 302
    ill = Ill.objects.get()
    assert (ill.pupil, ill.class_group, ill.vomiting, ill.asked) == (pupil, group, True, True)
    assert {one.dish for one in ill.ate.all()} == {CUCUMBER, RICE}
    assert lin.post(url(case, "ill"), given | {"pupil": ""}).status_code == 422
    assert now.pupils[now.groups[1].pk][0].name not in text(lin.get(f"{url(case, 'ill')}?class={now.groups[1].pk}"))
    fields = {f"ate-{now.meal.pk}-{place}": count for place, count in enumerate(("29", "20", "2"))}
    answer = lin.post(url(case, "search"), {"well": "29"} | fields)
    assert answer.status_code == 302, text(answer)
    assert ClassSearch.objects.get().ate.get(dish=CUCUMBER).count == 2
    assert lin.get(f"{url(case, 'ill')}?class=999999").status_code == 404


def test_names_are_covered_and_who_looks_is_recorded(now: Outbreak) -> None:
    case = now.alarm()
    ill = now.falls_ill(now.pupils[now.groups[0].pk][1], minutes=0)
    page = url(case, "parents")
    assert ill.name not in text(client(now, "lin").get(page))
    assert not AuditEntry.objects.filter(event="ui.personal_data_shown").exists()
    assert ill.name in text(client(now, "lin").get(f"{page}?full=1"))
    seen = AuditEntry.objects.get(event="ui.personal_data_shown")
    assert (seen.actor_name, seen.detail["count"]) == ("林老师", 1)
    for name in ("bo", "shi", "eve"):
        answer = client(now, name).get(f"{page}?full=1")
        assert answer.status_code == 200
        assert ill.name not in text(answer)
    assert AuditEntry.objects.filter(event="ui.personal_data_shown").count() == 1
    assert client(now, "lin").post(page, {"ill": str(ill.public_id), "note": "马上来"}).status_code == 302
    ill.refresh_from_db()
    assert ill.parents_note == "马上来"


def test_telephone_words_numbers_and_who_answered(now: Outbreak) -> None:
    case = now.alarm()
    gao = client(now, "gao")
    page = text(gao.get(f"{url(case, 'calls')}?body=market"))
    assert "tel:120" in page
    assert gao.post(url(case, "number"), {"body": "market", "phone": "0710-1234567"}).status_code == 302
    assert EmergencyNumber.objects.get().phone == "0710-1234567"
    assert gao.post(url(case, "calls"), {"body": "market", "who": "小周", "said": "来"}).status_code == 302
    assert Call.objects.get().phone == "0710-1234567"
    assert client(now, "shi").post(url(case, "number"), {"body": "health", "phone": "1"}).status_code == 403


def test_in_a_drill_no_number_can_be_dialled(now: Outbreak) -> None:
    case = now.alarm(drill=True)
    assert "tel:" not in text(client(now, "gao").get(url(case, "calls")))


@pytest.mark.parametrize(
    "deed",
    ["ill", "search", "meal", "parents", "calls", "seal", "dishes", "report", "notice", "package", "release", "end"],
)
def test_every_page_opens_for_the_head_and_for_the_town_that_reads(now: Outbreak, deed: str) -> None:
    case = now.alarm()
    for name in ("gao", "bo", "shi"):
        assert client(now, name).get(url(case, deed)).status_code == 200, (deed, name)
    assert client(now, "gao").get(url(case, "no-such-deed")).status_code == 404


def test_sealing_dishes_and_report_by_their_pages(now: Outbreak) -> None:
    case = now.alarm()
    now.spread()
    an, gao = client(now, "an"), client(now, "gao")
    assert "recalls/new" in text(an.get(f"{url(case, 'seal')}?kind=lots"))
    samples = [str(one.pk) for one in now.samples]
    assert (
        an.post(url(case, "seal"), {"kind": "samples", "samples": samples, "what": "", "stands": "冰箱"}).status_code
        == 302
    )
    assert case.sealed_things.count() == 3
    assert CUCUMBER in text(gao.get(url(case, "dishes")))
    assert gao.post(url(case, "dishes"), {"dish": f"{now.meal.pk}|{CUCUMBER}"}).status_code == 302
    draft = text(gao.get(url(case, "report")))
    assert CUCUMBER in draft
    given = {"kind": "first", "body": "初报：90人就餐，20人发病。", "to": "区市场监管局"}
    assert client(now, "an").post(url(case, "report"), given).status_code == 403
    assert gao.post(url(case, "report"), given).status_code == 302
    assert IncidentReport.objects.get().body == given["body"]
    assert given["body"] in text(client(now, "bo").get(url(case, "report")))


def test_the_package_holds_what_investigators_ask_for_and_no_name(now: Outbreak) -> None:
    case = now.alarm()
    now.spread()
    suspect(case, by=now.by("gao"), meal=now.meal, dish=CUCUMBER)
    package = ask_package(case, by=now.by("an"))
    assert ask_package(case, by=now.by("gao")) == package
    run_jobs()
    package.refresh_from_db()
    answer = client(now, "an").post(reverse("canteen:incident-take", args=[package.public_id]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with ZipFile(BytesIO(content)) as made:
        names = made.namelist()
        whole = b"".join(
            ZipFile(BytesIO(made.read(name))).read("xl/sharedStrings.xml") for name in names if name.endswith(".xlsx")
        )
    assert len(names) >= 11
    for word in (CUCUMBER, "HG1", "绿源合作社"):
        assert word in whole.decode()
    assert not [ill.name for ill in Ill.objects.all() if ill.name in whole.decode()]
    assert client(now, "hu").post(reverse("canteen:incident-take", args=[package.public_id])).status_code == 404
    assert client(now, "lin").post(reverse("canteen:incident-take", args=[package.public_id])).status_code == 403
    receive_package(package, by=now.by("gao"), received_by="周科长", received_body="区市场监管局")
    assert HandOver.objects.get().received_at is not None
    assert case.steps.get(code="hand-over").done_at is not None


def test_the_end_of_a_drill_by_its_page(now: Outbreak) -> None:
    case = now.alarm(drill=True)
    assert client(now, "shi").post(url(case, "end"), {"found": "好"}).status_code == 403
    answer = client(now, "gao").post(url(case, "end"), {"found": "号码要贴在墙上"})
    assert answer.status_code == 302, text(answer)
    assert not LedgerEntry.objects.exists(), "nothing was done, so nothing was drilled"
    case.refresh_from_db()
    assert case.outcome == "drilled"
    assert "号码要贴在墙上" in text(client(now, "shi").get(url(case)))
