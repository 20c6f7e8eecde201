"""Letters by mail: sent at once, and when the mail server refuses, later, again and again for a day."""

import logging
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job

log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=2)
TRIES = 17  # the waits between them make a day


def send(message: Any) -> None:
    """Send it now, else by a job: whoever asked for it is not told that the mail server is away, and loses nothing."""
    try:
        message.send()
    except OSError:  # no answer, a refusal of the mail server (SMTPException is one), a wrong password
        log.warning("the mail server refuses; the letter is sent later", exc_info=True)
        _later(1, subject=message.subject, body=message.body, to=list(message.to))


def _later(tried: int, **letter: Any) -> None:
    wait = min(FIRST_WAIT * 2 ** (tried - 1), LONGEST_WAIT)
    send_later.using(run_after=timezone.now() + wait).enqueue(tried=tried, **letter)


@job(_("Send a letter by mail"))
def send_later(tried: int, subject: str, body: str, to: list[str]) -> None:
    """Once more; the last refusal fails the job, which operators see."""
    try:
        EmailMultiAlternatives(subject, body, to=to).send()
    except OSError:
        if tried >= TRIES:
            raise
        _later(tried + 1, subject=subject, body=body, to=to)
