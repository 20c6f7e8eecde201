"""Pages of cases: where a finding leads, forms, papers, registers, photos, what waits on Today."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.files.queries import file_for
from houqin.core.files.tests.pictures import upload
from houqin.core.notices.models import Notice
from houqin.core.people.models import Person
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import system_viewer
from houqin.flows.cases.actions.accounting import Sentence, open_accountability, propose_decision, write_investigation
from houqin.flows.cases.actions.leading import add_member
from houqin.flows.cases.actions.reminding import remind_of_late_steps
from houqin.flows.cases.actions.transferring import Letter, note_receipt, open_transfer, send_transfer
from houqin.flows.cases.actions.working import add_entry
from houqin.flows.cases.models import Accountability, Case, Transfer
from houqin.flows.cases.queries import by_cause, steps_due
from houqin.flows.cases.today import cases_due
from houqin.flows.rectify.actions.opening import Found, open_finding
from houqin.flows.rectify.models import Finding
from tests.world import NOON, TODAY, World

LETTER = Letter("traffic", "县交警大队", "校门外非法接送车", "请依法查处。", ["情况说明1份"])


def signed_in(world: World, who: str) -> Client:
    client = Client()
    client.force_login(getattr(world, who), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def finding(world: World) -> Finding:
    return open_finding(world.school_a, by=world.viewer("gao"), found=Found("校门外非法接送车"), place="东门")


@pytest.fixture
def secret(world: World, finding: Finding) -> Case:
    """An accountability case that the town leads, with something proposed."""
    person = Person.objects.create(org=world.school_a, name="钱大同", sex="")
    bo = world.viewer("bo")
    case = open_accountability(
        world.school_a, by=bo, person=person, post="cook", cause="finding", title="未按规定留样", finding=finding
    )
    write_investigation(case, by=bo, facts="未留样", evidence="台账", asked="本人")
    propose_decision(case, by=bo, sentence=Sentence(["talk"], "制度第三条"))
    return case


def transferred(world: World, who: str = "gao", **more: Any) -> Case:
    return open_transfer(world.school_a, by=world.viewer(who), letter=LETTER, **more)


def test_from_the_page_of_a_finding_to_another_department(world: World, finding: Finding) -> None:
    client = signed_in(world, "gao")
    address = reverse("rectify:findings-transfer", args=[finding.public_id])
    assert address in client.get(reverse("rectify:findings-detail", args=[finding.public_id])).content.decode()
    assert "东门" in client.get(address).content.decode()
    sent = {
        "department": "traffic", "counterpart": "县交警大队", "title": "非法接送车", "text": "请查处",
        "papers": "情况说明1份\n照片2张\n",
    }  # fmt: skip
    answer = client.post(address, sent)
    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("cases:cases-detail", args=[case.public_id])
    assert (case.finding, case.transfer.papers) == (finding, ["情况说明1份", "照片2张"])
    assert case.number in client.get(reverse("rectify:findings-detail", args=[finding.public_id])).content.decode()
    assert client.post(address, sent).status_code == 422
    assert Case.objects.count() == 1


def test_from_the_page_of_a_finding_to_accountability(world: World, finding: Finding) -> None:
    person = Person.objects.create(org=world.school_a, name="钱大同", sex="")
    address = reverse("rectify:findings-account", args=[finding.public_id])
    assert signed_in(world, "an").get(address).status_code == 403
    assert signed_in(world, "hu").get(address).status_code == 404
    client = signed_in(world, "bo")
    client.post(address, {"person": person.pk, "post": "cook", "cause": "finding", "title": "未留样"})
    assert Case.objects.get().person == person
    assert "ZZ-" in client.get(reverse("rectify:findings-detail", args=[finding.public_id])).content.decode()
    page = signed_in(world, "gao").get(reverse("rectify:findings-detail", args=[finding.public_id])).content.decode()
    assert "ZZ-" not in page
    assert "钱大同" not in page


def test_a_restricted_case_is_nowhere_for_others(world: World, secret: Case) -> None:
    assert secret.finding is not None
    add_entry(secret, by=world.viewer("bo"), text="谈话")
    addresses = [
        reverse("cases:cases"), reverse("cases:cases-export") + "?format=csv", reverse("cases:steps"),
        reverse("cases:steps-export") + "?format=csv", reverse("ui:search") + "?q=ZZ-", reverse("ui:home"),
        reverse("cases:accountability"), reverse("cases:accountability-export") + "?format=csv", reverse("cases:causes"),
        reverse("rectify:findings-detail", args=[secret.finding.public_id]), reverse("rectify:findings-export") + "?format=csv",
    ]  # fmt: skip
    for who in ("gao", "an", "eve", "bai", "op", "hu", "chen"):
        client = signed_in(world, who)
        for address in addresses:
            answer = client.get(address)
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            for word in (secret.number, "未按规定留样", "钱大同"):
                assert word not in text.decode(), f"{who} {address}"
        for name in ("detail", "notice", "decision", "letter", "member", "close", "write", "decide"):
            assert client.get(reverse(f"cases:cases-{name}", args=[secret.public_id])).status_code in {403, 404}
        assert not AuditEntry.objects.visible_to(world.viewer(who)).filter(subject_id=str(secret.public_id)).exists()
    assert signed_in(world, "bo").get(reverse("cases:cases-detail", args=[secret.public_id])).status_code == 200


def test_who_looked_is_on_record_and_names_are_covered(world: World, secret: Case) -> None:
    client = signed_in(world, "bo")
    page = client.get(reverse("cases:cases-detail", args=[secret.public_id])).content.decode()
    assert "钱大同" not in page
    assert AuditEntry.objects.filter(event="cases.looked", subject_id=str(secret.public_id)).count() == 1
    assert "钱大同" not in client.get(reverse("cases:accountability")).content.decode()
    paper = client.get(reverse("cases:cases-notice", args=[secret.public_id])).content.decode()
    assert "钱大同" in paper
    assert AuditEntry.objects.filter(event="ui.personal_data_shown", subject_id=str(secret.public_id)).exists()
    assert client.get(reverse("cases:cases-decision", args=[secret.public_id])).status_code == 404


def test_photos_of_a_case_open_for_who_sees_it(world: World, secret: Case) -> None:
    entry = add_entry(secret, by=world.viewer("bo"), text="证据", photo=upload())
    file = entry.files.get().file
    assert file_for(world.viewer("bo"), file.public_id) == file
    for who in ("gao", "bai", "eve", "hu", "chen"):
        with pytest.raises(NotVisible):
            file_for(world.viewer(who), file.public_id)
    add_member(secret, by=world.viewer("bo"), account=world.bai)
    assert file_for(world.viewer("bai"), file.public_id) == file
    shown = add_entry(transferred(world), by=world.viewer("gao"), text="现场", photo=upload())
    assert file_for(world.viewer("an"), shown.files.get().file.public_id)


def test_the_letter_prints_and_the_ledger_lists_it(world: World) -> None:
    case = transferred(world)
    client = signed_in(world, "gao")
    letter = client.get(reverse("cases:cases-letter", args=[case.public_id])).content.decode()
    for word in (case.number, "县交警大队", "请依法查处", "情况说明1份", world.school_a.name):
        assert word in letter
    gao = world.viewer("gao")
    send_transfer(case, by=gao, how="hand", on=TODAY)
    note_receipt(case, by=gao, number="交回3号", on=TODAY)
    answer = client.get(reverse("cases:transfers-export"), {"format": "csv"})
    assert "交回3号" in b"".join(answer.streaming_content).decode("utf-8-sig")
    assert case.number not in signed_in(world, "chen").get(reverse("cases:transfers")).content.decode()


def test_a_transfer_begins_in_the_ledger_too(world: World) -> None:
    client = signed_in(world, "gao")
    sent = {"org": world.school_a.pk, "department": "fire", "counterpart": "消防大队", "title": "通道", "text": "请查"}
    assert client.post(reverse("cases:transfers-new"), sent).status_code == 302
    assert Transfer.objects.get().case.org == world.school_a


def test_an_incident_leads_to_accountability_from_the_register(world: World) -> None:
    person = Person.objects.create(org=world.school_a, name="钱大同", sex="")
    client = signed_in(world, "bo")
    sent = {"person": person.pk, "post": "cook", "cause": "fees", "title": "违规收费"}
    assert client.post(reverse("cases:accountability-new"), sent).status_code == 302
    assert Accountability.objects.get().cause == "fees"
    stranger = Person.objects.create(org=world.school_c, name="别处人", sex="")
    assert client.post(reverse("cases:accountability-new"), sent | {"person": stranger.pk}).status_code == 422
    assert Case.objects.count() == 1


def test_counts_by_cause_only_for_who_sees_the_cases(world: World, secret: Case) -> None:
    counted = {one["label"]: one["opened"] for one in by_cause(world.viewer("bo")) if one["opened"]}
    assert sum(counted.values()) == 1
    assert not any(one["opened"] for who in ("gao", "hu", "chen") for one in by_cause(world.viewer(who)))
    client = signed_in(world, "bo")
    assert "钱" not in client.get(reverse("cases:causes")).content.decode()


def test_steps_wait_on_today_of_who_works_on_them(world: World, secret: Case) -> None:
    case = transferred(world)
    assert [one.case for one in steps_due(world.viewer("gao"))] == [case]
    assert [one.code for one in steps_due(world.viewer("bo"))] == ["notify"]
    assert list(steps_due(world.viewer("hu"))) == []
    assert [row.url for row in cases_due(world.viewer("gao"))] == [reverse("cases:cases-detail", args=[case.public_id])]


def test_late_steps_are_brought_to_mind_once(world: World, secret: Case) -> None:
    case = transferred(world)
    later = NOON + timedelta(days=30)
    assert remind_of_late_steps(by=world.system) == 0
    system = system_viewer(now=later)
    assert remind_of_late_steps(by=system) == 2
    assert remind_of_late_steps(by=system) == 0
    told = {notice.account.username: notice.body for notice in Notice.objects.select_related("account")}
    assert told == {"gao": str(case), "bo": secret.number}
    with pytest.raises(Refused):
        remind_of_late_steps(by=world.viewer("bo", later))


def test_a_step_is_done_from_its_page(world: World, secret: Case) -> None:
    case = transferred(world)
    client = signed_in(world, "gao")
    page = client.get(reverse("cases:cases-detail", args=[case.public_id])).content.decode()
    assert reverse("cases:cases-send", args=[case.public_id]) in page
    client.post(reverse("cases:cases-send", args=[case.public_id]), {"how": "hand", "on": TODAY.isoformat()})
    assert case.steps.get(code="send").done_by == world.gao
    step = case.steps.get(code="receipt")
    assert step.due_at is not None
    assert client.get(reverse("cases:steps-do", args=[step.public_id])).status_code == 409
    assert client.get(reverse("cases:cases-send", args=[case.public_id])).status_code == 409
