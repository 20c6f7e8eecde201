"""Two schools with keepers and a cook, full stores, a ledger with many open duties, an office that recalls."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from benchmarks.ledgers import CODE, COLUMNS
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.grants.models import Grant
from houqin.core.orgs.actions import ensure_path, open_unit
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Channel, system_viewer
from houqin.flows.duties.models import Duty
from houqin.modules.canteen.actions.paper import record_from_paper
from houqin.modules.canteen.models import Lot
from houqin.modules.canteen.rules.paper import PaperBook, PaperDelivery

TOWN = "楚南省/云梦市/东湖区/混乱镇"
TONNES = 100_000_000  # grams: a hundred of them, so that no store runs empty


@dataclass(frozen=True)
class Phone:
    """What a keeper's phone holds: a session, whose it is, and the lot that is booked out of."""

    session: str
    account: str
    lot: str


@dataclass(frozen=True)
class Scene:
    """Who works where; plain keys, so that a forked process asks the database anew."""

    phones: list[Phone]
    schools: list[int]
    cooks: list[int]
    office: list[int]
    town: int


def build(duties: int) -> Scene:
    """All of it, through the verbs where there is one."""
    by = system_viewer(channel=Channel.CLI)
    town = ensure_path(TOWN, by=by)
    body = {
        "family": "canteen", "demand": "law", "why_zh": "冷藏", "why_en": "Cold", "post": "cook", "minutes": "0.3",
        "schedules": [{"every": "day", "slot": "am"}], "retention_months": 24, "retention_source": "R45", "columns": COLUMNS,
    }  # fmt: skip
    CatalogueItem.objects.create(
        area="ledgers", code=CODE, title_zh="冷藏温度", title_en="Cold", source="GB 31654-2021", confidence="A*",
        effective_from=date(2000, 1, 1), body=body, digest=CODE,
    )  # fmt: skip
    office = [_account(f"chaos-office-{number}", "office_director", town).pk for number in range(2)]
    schools = [
        open_unit(town, by=by, kind=Kind.SCHOOL, name=f"混乱第{number + 1}小学", opened_on=by.today)
        for number in range(2)
    ]
    phones = [_phone(school, number) for number, school in enumerate(schools)]
    cooks = [_account(f"chaos-cook-{school.pk}", "cook", school).pk for school in schools]
    now = timezone.now()
    Duty.objects.bulk_create(
        (
            Duty(day=by.today, org=school, rule=f"ledger:{CODE}", slot=f"{slot}", post="cook", opens_at=now,
                 due_at=now + timedelta(hours=12))
            for school in schools
            for slot in range(duties)
        ),
        batch_size=1000,
    )  # fmt: skip
    return Scene(phones, [school.pk for school in schools], cooks, office, town.pk)


def _account(username: str, role: str, org: OrgUnit) -> Account:
    account: Account = Account.objects.create(username=username, display_name=username, home=org)
    Grant.objects.create(account=account, role=role, org=org, from_on=timezone.localdate())
    return account


def _phone(school: OrgUnit, number: int) -> Phone:
    by = system_viewer(channel=Channel.CLI)
    line = PaperDelivery(
        ("in", number), school.pk, by.today - timedelta(days=1), "大米", TONNES, "惠民粮油", batch=f"K{number}"
    )
    record_from_paper(school, by=by, book=PaperBook(deliveries=(line,)))
    account = _account(f"chaos-keeper-{number}", "keeper", school)
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.set_expiry(timezone.now() + timedelta(days=1))
    session.save()
    assert session.session_key
    return Phone(
        session.session_key, str(account.public_id), str(Lot.objects.get(org=school, batch=f"K{number}").public_id)
    )
