"""A phone sends what was entered without network: answered in words, done once, never lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from houqin.core.audit.models import AuditEntry
from houqin.core.people.models import Person
from houqin.ui.jobs import sweep_sent_forms
from houqin.ui.models import SentForm

pytestmark = [pytest.mark.django_db, pytest.mark.urls("houqin.ui.tests.playground")]


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def person(world) -> Person:
    return Person.objects.create(org=world.school_a, name="王小明")


class Phone:
    """A phone of one account; its clock may be off."""

    def __init__(self, account, off: timedelta = timedelta()) -> None:
        self.account, self.off, self.client = account, off, Client()
        self.client.force_login(account)

    def send(self, url: str, data: dict, *, waited=timedelta(hours=2), manner="later", account=None, key=None):
        clock = timezone.now() + self.off
        said = {
            "X-Houqin-Queued": manner,
            "X-Houqin-Account": str((account or self.account).public_id),
            "X-Houqin-Captured": (clock - waited).isoformat(),
            "X-Houqin-Clock": clock.isoformat(),
        }
        return self.client.post(url, {**data, "_key": str(key or uuid4())}, headers=said)


def at(person: Person, deed: str = "rename-person") -> str:
    return f"/play/persons/{person.public_id}/{deed}/"


def renamed() -> int:
    return AuditEntry.objects.filter(event="test.renamed").count()


def test_what_is_done_is_told_with_its_address(world, person):
    phone = Phone(world.gao)
    answer = phone.send(at(person), {"name": "王大明"})
    assert answer.status_code == 200
    assert answer.json() == {
        "state": "done", "message": "Rename: done.", "url": f"/play/persons/{person.public_id}/", "clock": ""
    }  # fmt: skip
    assert list(get_messages(answer.wsgi_request)) == [], "nobody sits there to read it on the next page"


def test_whoever_sits_at_the_form_reads_it_on_the_next_page(world, person):
    phone = Phone(world.gao, off=timedelta(hours=-1))
    answer = phone.send(at(person), {"name": "王大明"}, waited=timedelta(0), manner="now")
    assert [str(one) for one in get_messages(answer.wsgi_request)] == [
        "Rename: done.",
        "The clock of this phone is 1 hour slow. Times were corrected. Set the clock to automatic.",
    ]


def test_a_key_is_carried_out_once_whatever_became_of_the_form_since(world, person):
    phone, key = Phone(world.gao), uuid4()
    first = phone.send(at(person, "dismiss-person"), {}, key=key).json()
    assert first["state"] == "done"
    assert phone.send(at(person, "dismiss-person"), {}, key=key).json() == first
    person.delete()
    assert phone.send(at(person, "dismiss-person"), {}, key=key).json() == first
    assert AuditEntry.objects.filter(event="test.dismissed").count() == 1


def test_refusals_come_in_the_words_of_the_form(world, person):
    phone = Phone(world.gao)
    answer = phone.send(at(person), {"name": "nobody"})
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert answer.json()["message"] == "New name: No one is called so. Write the name of the roster."
    assert phone.send(at(person), {"name": "never"}).json()["message"] == "Names are closed today. Come back tomorrow."
    wrong = phone.send(at(person), {"name": "", "portion": "x"}).json()["message"].splitlines()
    assert [line.partition(":")[0] for line in wrong] == ["New name", "Portion"]
    assert (renamed(), SentForm.objects.count()) == (0, 0)
    person.refresh_from_db()
    assert person.name == "王小明"


def test_faults_of_lines_name_the_line(world, person):
    data = {
        "day": "2024-03-04", "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0",
        "lines-0-what": "鸡腿", "lines-0-kg": "2", "lines-1-what": "白菜", "lines-1-kg": "x",
    }  # fmt: skip
    message = Phone(world.gao).send(at(person, "weigh"), data).json()["message"]
    assert message.startswith("Line 2 · Weight: ")


def test_a_refused_key_may_be_sent_again_put_right(world, person):
    phone, key = Phone(world.gao), uuid4()
    assert phone.send(at(person), {"name": "nobody"}, key=key).status_code == 422
    assert phone.send(at(person), {"name": "王大明"}, key=key).json()["state"] == "done"
    assert renamed() == 1


def test_what_is_out_of_reach_forbidden_or_past_is_refused_in_words(world, person):
    for account, status in ((world.chen, 404), (world.hu, 404), (world.an, 403)):
        answer = Phone(account).send(at(person), {"name": "x"})
        assert (answer.status_code, answer.json()["state"]) == (status, "refused")
        assert answer.json()["message"]
    answer = Phone(world.gao).send("/play/odd/", {})
    assert (answer.status_code, answer.json()["message"]) == (409, "Not on a Sunday.")
    assert renamed() == 0


def test_without_sign_in_or_with_another_s_it_waits(world, person):
    phone = Phone(world.gao)
    answer = phone.send(at(person), {"name": "x"}, account=world.hu)
    assert (answer.status_code, answer.json()["state"]) == (401, "signin")
    phone.client.logout()
    answer = phone.send(at(person), {"name": "x"})
    assert (answer.status_code, answer.json()["state"]) == (401, "signin")
    assert renamed() == 0


def test_a_phone_three_days_off_still_tells_the_moment(world, person):
    before = timezone.now()
    answer = Phone(world.gao, off=timedelta(days=3)).send(at(person), {"name": "x"}, waited=timedelta(hours=2))
    assert answer.json()["clock"] == (
        "The clock of this phone is 3 days fast. Times were corrected. Set the clock to automatic."
    )
    entry = AuditEntry.objects.get(event="test.renamed")
    assert entry.detail["clock_off_minutes"] == 4320
    captured = timezone.datetime.fromisoformat(entry.detail["captured_at"])
    assert abs(captured - (before - timedelta(hours=2))) < timedelta(seconds=5)


def test_what_did_not_wait_counts_as_now(world, person):
    Phone(world.gao).send(at(person), {"name": "x"}, waited=timedelta(seconds=90))
    assert "captured_at" not in AuditEntry.objects.get(event="test.renamed").detail


def test_keys_are_remembered_as_long_as_a_phone_may_send_them(world):
    now = timezone.now()
    for days in (1, 59, 61):
        SentForm.objects.create(key=uuid4(), url="/")
        SentForm.objects.filter(pk=SentForm.objects.latest("pk").pk).update(at=now - timedelta(days=days))
    sweep_sent_forms.func()
    assert [(now - row.at).days for row in SentForm.objects.order_by("-at")] == [1, 59]
