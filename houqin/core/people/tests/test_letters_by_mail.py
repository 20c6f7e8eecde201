"""A mail server that refuses loses no letter and stops nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from houqin.core.people import letters
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Any:
    def refuse(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError("nobody at port 587")

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        yield patched


def waiting() -> list[DBTaskResult]:
    return list(DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path__endswith="send_later"))


def due() -> None:
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())


def test_a_forgotten_password_is_answered_and_its_letter_sent_when_the_server_is_back(world: Any, away: Any) -> None:
    world.an.email = "an@example.org"
    world.an.save()
    answer = Client().post("/accounts/password/reset/", {"email": "an@example.org"})
    assert answer.status_code == 302
    assert (len(mail.outbox), len(waiting())) == (0, 1)
    due()
    run_jobs()
    [again] = waiting()
    assert again.run_after > timezone.now() + timedelta(seconds=90), "later each time"
    away.undo()
    due()
    run_jobs()
    [letter] = mail.outbox
    assert letter.to == ["an@example.org"]
    assert "/accounts/password/reset/key/" in letter.body
    assert waiting() == []


def test_it_is_given_up_after_a_day_and_the_others_go_on(away: Any) -> None:
    waits = [min(letters.FIRST_WAIT * 2 ** (tried - 1), letters.LONGEST_WAIT) for tried in range(1, letters.TRIES)]
    assert timedelta(hours=20) < sum(waits, timedelta()) < timedelta(hours=28)
    letters.send_later.enqueue(tried=letters.TRIES, subject="s", body="b", to=["a@example.org"])
    letters.send(EmailMessage("s", "b", to=["b@example.org"]))
    run_jobs(failures_expected=True)
    assert "ConnectionRefusedError" in DBTaskResult.objects.exclude(traceback="").get().traceback
    assert [row.args_kwargs["kwargs"]["to"] for row in waiting() if row.args_kwargs["kwargs"]["tried"] == 1] == [
        ["b@example.org"]
    ]
