"""Deeds that are killed in their middle: a ledger copied from paper, a recall, sealed entries, events with jobs behind them."""

import time
from collections.abc import Callable
from itertools import count
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from benchmarks.chaos.journal import Journal
from benchmarks.chaos.scene import Scene
from benchmarks.ledgers import CODE
from houqin.core.audit.trail import record, verb
from houqin.core.events.bus import emit, on
from houqin.core.events.models import Event
from houqin.core.grants.viewers import viewer_for
from houqin.core.notices.actions import notify
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.modules.canteen.actions.paper import record_from_paper
from houqin.modules.canteen.actions.recalls.launching import launch_recall
from houqin.modules.canteen.actions.recalls.proposing import propose_recall
from houqin.modules.canteen.models import Product
from houqin.modules.canteen.rules.paper import PaperBook, PaperDelivery, PaperIssue

LINES = 12
RUNG = "chaos.rung"
AWAY_SECONDS = 0.2


def again_and_again(deed: Callable[[Scene, str], None], scene: Scene, journal: Journal) -> None:
    """The deed under a new token each time, until killed. Whether it was done is known only when it returned."""
    for _number in count():
        token = uuid4().hex
        journal.write("try", token)
        try:
            deed(scene, token)
        except (OperationalError, InterfaceError):  # the database was killed: this one is not acknowledged
            connection.close()
            time.sleep(AWAY_SECONDS)
            continue
        journal.write("ack", token)


def _lines(scene: Scene, token: str, by: Viewer, product: str) -> tuple[PaperDelivery, ...]:
    return tuple(
        PaperDelivery(
            (token, number), scene.schools[number % 2], by.today, product if number < 4 else f"菜{number}", 5_000,
            f"供应{token[:6]}", batch=token,
        )
        for number in range(LINES)
    )  # fmt: skip


def copy_ledger(scene: Scene, token: str) -> None:
    """What an import writes at its end: lines and issues of two schools in one stroke."""
    by = system_viewer()
    issues = tuple(
        PaperIssue(
            (token, "out", number), scene.schools[number % 2], by.today, f"菜{number}", 2_000, "lunch", batch=token
        )
        for number in range(4, 8)
    )
    town = OrgUnit.objects.get(pk=scene.town)
    record_from_paper(town, by=by, book=PaperBook(deliveries=_lines(scene, token, by, "土豆"), issues=issues))


def recall(scene: Scene, token: str) -> None:
    """Goods that came, then a recall prepared by one and launched by the other."""
    by, town = system_viewer(), OrgUnit.objects.get(pk=scene.town)
    record_from_paper(town, by=by, book=PaperBook(deliveries=_lines(scene, token, by, f"肉{token[:8]}")))
    first, second = (viewer_for(Account.objects.get(pk=pk), now=timezone.now()) for pk in scene.office)
    prepared = propose_recall(
        town, by=first, supplier=Party.objects.get(name=f"供应{token[:6]}"),
        product=Product.objects.get(name=f"肉{token[:8]}"), batch=token, reason=token,
    )  # fmt: skip
    launch_recall(prepared, by=second)


def seal(scene: Scene, token: str) -> None:
    """An entry of a ledger with its duty, its audit entry and its seal."""
    place = int(token, 16) % 2
    by = viewer_for(Account.objects.get(pk=scene.cooks[place]), now=timezone.now())
    org = OrgUnit.objects.get(pk=scene.schools[place])
    duty = Duty.objects.filter(org=org, state=DutyState.OPEN, rule=f"ledger:{CODE}").order_by("pk").first()
    assert duty is not None, "more duties are needed for so many rounds"
    record_entry(org, by=by, ledger=CODE, values={"temperature": 50, "clean": True, "seen": token}, slot=duty.slot)


@verb
def ring(org: OrgUnit, *, by: Viewer, token: str) -> None:
    """Emits an event whose subscriber runs as a job."""
    record(RUNG, org, by=by, org=org, token=token)
    emit(RUNG, by=by, org=org, token=token)


@on(RUNG, mode="job")
def tell(event: Event) -> None:
    """The effect that must be there once: one notice."""
    keeper = Account.objects.get(username="chaos-keeper-0")
    notify([keeper], by=system_viewer(), org=keeper.home, title=event.payload["token"])


def ring_once(scene: Scene, token: str) -> None:
    """Events for the worker, which is killed as well."""
    ring(OrgUnit.objects.get(pk=scene.schools[0]), by=system_viewer(), token=token)


DEEDS: dict[str, Callable[[Scene, str], None]] = {
    "import": copy_ledger, "recall": recall, "seal": seal, "event": ring_once,
}  # fmt: skip
