"""What may be read from a replica, and what never is."""

from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.test import RequestFactory

from houqin.core.orgs.models import OrgUnit
from houqin.core.tables import replica
from houqin.core.tables.replica import PRIMARY, REPLICA, ReplicaRouter
from houqin.ui.pages import page
from houqin.ui.shell import Shell

pytestmark = pytest.mark.django_db(transaction=True)
ROUTER = ReplicaRouter()


def test_only_what_a_looking_page_reads_goes_there_and_nothing_inside_a_transaction() -> None:
    assert ROUTER.db_for_read(OrgUnit) == PRIMARY
    with replica.reading():
        assert ROUTER.db_for_read(OrgUnit) == REPLICA
        assert ROUTER.db_for_write(OrgUnit) == PRIMARY
        with transaction.atomic():
            assert ROUTER.db_for_read(OrgUnit) == PRIMARY
        assert ROUTER.db_for_read(OrgUnit) == REPLICA
    assert ROUTER.db_for_read(OrgUnit) == PRIMARY
    assert not ROUTER.allow_migrate(REPLICA, "orgs")


def test_sessions_and_lock_outs_are_never_read_from_there() -> None:
    from django.contrib.sessions.models import Session

    with replica.reading():
        assert ROUTER.db_for_read(Session) == PRIMARY


def test_without_a_replica_nobody_is_behind() -> None:
    assert replica.behind() is None


class Looks:
    """A page that may lag: where it read, and what it failed with the first time."""

    def __init__(self, failing: Exception | None = None) -> None:
        self.failing, self.read_from = failing, list[str]()

    def __call__(self, request: Any) -> Any:
        self.read_from.append(ROUTER.db_for_read(OrgUnit))
        if self.failing and len(self.read_from) == 1:
            raise self.failing
        return Shell(request).seconds_behind


def shown(looks: Looks, method: str, world: Any, monkeypatch: pytest.MonkeyPatch, seconds: float | None) -> Any:
    monkeypatch.setattr(replica, "behind", lambda: seconds)
    monkeypatch.setattr(replica, "lost", lambda: None)
    request: Any = getattr(RequestFactory(), method)("/")
    request.user, request.viewer = world.an, world.viewer("an")
    answers: list[Any] = []

    def view(request: Any) -> Any:
        from django.http import HttpResponse

        answers.append(looks(request))
        return HttpResponse()

    page(may_lag=True)(view)(request)
    return answers[-1]


def test_a_page_reads_there_and_says_how_old_its_figures_are(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Looks()
    assert shown(looks, "get", world, monkeypatch, 7.4) == 7
    assert looks.read_from == [REPLICA]
    assert shown(Looks(), "get", world, monkeypatch, 4.9) == 0, "not worth saying"


def test_a_deed_and_a_page_without_a_replica_read_from_the_primary(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for method, seconds in (("post", 0.0), ("get", None)):
        looks = Looks()
        assert shown(looks, method, world, monkeypatch, seconds) == 0
        assert looks.read_from == [PRIMARY]


def test_a_replica_that_goes_away_in_the_middle_is_not_noticed(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Looks(failing=OperationalError("server closed the connection"))
    shown(looks, "get", world, monkeypatch, 0.0)
    assert looks.read_from == [REPLICA, PRIMARY]
