"""The shell: Today, search, scope, notices, error pages, sign-in."""

import errno
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from houqin.core.grants.middleware import ViewerMiddleware
from houqin.core.notices.actions import notify
from houqin.core.notices.models import Notice
from houqin.core.scope.permissions import all_permissions
from houqin.core.scope.viewer import system_viewer
from houqin.ui import today
from houqin.ui.today import TodayRow

pytestmark = [pytest.mark.django_db, pytest.mark.urls("houqin.ui.tests.playground")]


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_rows_stand_where_their_time_puts_them(monkeypatch):
    viewer = system_viewer()
    now = viewer.now
    rows = [
        TodayRow("late", until=now - timedelta(hours=1)),
        TodayRow("yesterday", until=viewer.today - timedelta(days=1)),
        TodayRow("today", until=viewer.today),
        TodayRow("no time"),
        TodayRow("next week", until=viewer.today + timedelta(days=7)),
        TodayRow("ready", bucket="done", count=12),
    ]
    monkeypatch.setattr(today, "_sources", [lambda viewer: rows])
    groups = {name: [row.what for row in found] for name, found in today.gather(viewer).items()}
    assert groups == {
        "overdue": ["yesterday", "late"],
        "now": ["today", "no time"],
        "later": ["next week"],
        "done": ["ready"],
    }


@pytest.mark.parametrize(
    "address",
    ["/", "/search/?q=王", "/scope/", "/notices/", "/more/", "/accounts/password/change/", "/accounts/logout/"],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_shell_s_pages_answer_everybody(world, address, language):
    for account in (world.an, world.bo, world.eve, world.du):
        client = client_of(account)
        client.cookies["django_language"] = language
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/signup/"]
)
def test_sign_in_pages_wear_the_look(address, db):
    page = Client().get(address)
    assert page.status_code == 200
    assert b"plain-card" in page.content


def test_signing_in_leads_to_today(world):
    response = Client().post("/accounts/login/", {"login": "an", "password": "a-long-test-password"})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_the_bell_counts_and_opening_marks_as_read(world):
    notify([world.an], by=system_viewer(), org=world.school_a, title="Freeze", url="/more/")
    an = client_of(world.an)
    assert b'<span class="count">1</span>' in an.get("/").content
    notice = Notice.objects.get()
    assert an.get(f"/notices/{notice.pk}/")["Location"] == "/more/"
    assert b'<span class="count">' not in an.get("/").content
    assert client_of(world.gao).get(f"/notices/{notice.pk}/").status_code == 404


def test_the_scope_page_offers_only_what_lies_within_reach(world):
    page = client_of(world.bo).get("/scope/?q=" + world.school_c.name)
    assert world.school_c.path not in page.content.decode()
    assert world.school_a.path in client_of(world.bo).get("/scope/?q=" + world.school_a.name).content.decode()


def test_error_pages_quote_the_number_of_the_request(world):
    response = client_of(world.an).get("/no/such/page/")
    assert response.status_code == 404
    assert response["X-Request-ID"] in response.content.decode()


def test_a_page_without_permission_names_the_deed(world):
    response = client_of(world.du).get("/play/persons/")
    assert response.status_code == 403
    assert str(all_permissions()["people.view"].label) in response.content.decode()


def test_what_breaks_is_answered_without_the_database(rf):
    from houqin.ui.pages import broken

    assert broken(rf.get("/")).status_code == 500


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("the connection is lost"), 503), (InterfaceError("connection already closed"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 503), (OSError(errno.EACCES, "Permission denied"), 500),
        (ValueError("a mistake of ours"), 500),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_database_that_is_away_is_told_as_that_in_both_languages(client, monkeypatch, error, status, language):
    def away(_request):
        raise error

    client.raise_request_exception = False
    monkeypatch.setattr(ViewerMiddleware, "__call__", lambda self, request: away(request))
    answer = client.get("/accounts/login/", headers={"Accept-Language": language})
    told = answer.content.decode()
    assert (answer.status_code, answer.get("Retry-After")) == (status, "30" if status == 503 else None)
    with translation.override(language):
        assert str(gettext("Nothing can be recorded for the moment")) in told or status == 500
    assert answer["X-Request-ID"] in told
    assert str(error) not in told
