"""Whom a notice tells, and in which words: one notice an account, however many schools it answers for."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from houqin.core.grants.models import Grant
from houqin.core.grants.viewers import accounts_holding, roles_with
from houqin.core.notices.actions import tell
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import STEP
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.models import Collection, Return
from houqin.ui import formats

INFO, SOON = Notice.Level.INFO, Notice.Level.SOON


def notice_url(collection: Collection) -> str:
    """Where each school finds its own table."""
    return reverse("collect:mine", args=[collection.public_id])


def return_url(row: Return) -> str:
    """One school's answer."""
    return reverse("collect:returns-detail", args=[row.public_id])


def answering(paths: Sequence[str], day: Any) -> list[Any]:
    """Accounts that fill in tables at these schools, or at the school that a campus belongs to. Two queries."""
    asked = {*paths, *(path[:-STEP] for path in paths)}
    grants = Grant.objects.on(day).filter(role__in=roles_with("collect.answer"), org__path__in=asked)
    found = Account.objects.filter(pk__in=grants.values("account_id"), is_active=True).order_by("pk")
    return list(found)


def tell_sent(collection: Collection, paths: Sequence[str], *, by: Viewer) -> None:
    """The schools: what is asked, by whom, until when."""

    def words() -> tuple[str, str]:
        lines = [collection.text, collection.basis]
        if collection.again_because:
            lines.append(gettext("Asked again because: %(reason)s") % {"reason": collection.again_because})
        title = gettext("%(unit)s asks by %(day)s: %(title)s") % _words(collection)
        return title, "\n".join(line for line in lines if line)

    people = answering(paths, by.today)
    tell(people, words, by=by, org=collection.org, url=notice_url(collection), level=SOON)


def tell_reminded(collection: Collection, paths: Sequence[str], *, by: Viewer) -> None:
    """The schools whose answer is missing."""

    def words() -> tuple[str, str]:
        title = gettext("Reminder, due %(day)s: %(title)s") % _words(collection)
        body = gettext("%(unit)s waits for the answer of your school. If it takes longer, ask for more time there.")
        return title, body % _words(collection)

    people = answering(paths, by.today)
    tell(people, words, by=by, org=collection.org, url=notice_url(collection), level=SOON)


def tell_back(row: Return, remarks: Iterable[str], *, by: Viewer) -> None:
    """The school: what is to be put right."""

    def words() -> tuple[str, str]:
        title = gettext("Put right: %(title)s") % _words(row.collection)
        return title, "\n".join([row.back_words, *remarks])

    tell(answering([row.org.path], by.today), words, by=by, org=row.org, url=return_url(row), level=SOON)


def tell_time_asked(row: Return, *, by: Viewer) -> None:
    """The office that asked: a school needs more time."""

    def words() -> tuple[str, str]:
        told = _words(row.collection) | {"school": row.org, "until": formats.day(row.more_until)}
        return gettext("%(school)s asks for time until %(until)s: %(title)s") % told, row.more_because

    office = accounts_holding("collect.send", org=row.collection.org)
    tell(office, words, by=by, org=row.collection.org, url=return_url(row), level=SOON)


def tell_time_decided(row: Return, *, by: Viewer) -> None:
    """The school: whether it has more time."""

    def words() -> tuple[str, str]:
        told = _words(row.collection) | {"day": formats.day(row.due_on)}
        given = row.more_state == Return.More.AGREED
        title = gettext("Time until %(day)s: %(title)s") if given else gettext("No more time, due %(day)s: %(title)s")
        return title % told, row.more_words

    tell(answering([row.org.path], by.today), words, by=by, org=row.org, url=return_url(row), level=INFO)


def _words(collection: Collection) -> dict[str, Any]:
    return {"unit": collection.org, "day": formats.day(collection.due_on), "title": collection.title}
