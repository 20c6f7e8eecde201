"""Who looks at the pages of a generated province, signed in, and which pages they open."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.modules.canteen.models import Lot

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROLES = {
    "keeper": ("keeper", "school"), "principal": ("principal", "school"), "town": ("office_director", "town"),
    "district": ("office_director", "district"), "city": ("office_director", "city"), "province": ("office_staff", "province"),
    "administrator": ("office_director", "province"),
}  # fmt: skip
OWN, WHOLE = "principal", "administrator"
LISTS = {
    "deliveries": ("canteen/deliveries/", "sort=-delivered_on"), "stock": ("canteen/moves/", "sort=-day"),
    "lots": ("canteen/lots/", "sort=expires_on"), "duties": ("duties/duties/", "sort=due_at"),
    "ledger entries": ("ledgers/entries/", ""), "credentials": ("credentials/papers/", "sort=expires_on"),
    "findings": ("rectify/findings/", "sort=due_on"), "people": ("console/staff/", "sort=name"),
}  # fmt: skip
FIRST = {
    "deliveries": "delivered_on", "stock": "day", "lots": "received_on", "duties": "day", "ledger entries": "day",
    "findings": "day",
}  # fmt: skip
PLAIN = {
    "home": "", "findings at a glance": "rectify/glance/", "board of inspections": "inspections/board/?days=30",
    "board of credentials": "credentials/board/", "duties by school": "duties/schools/", "days of duties": "duties/days/",
    "figures": "insight/", "search": "search/?" + urlencode({"q": "中心小学"}),
}  # fmt: skip


@dataclass(frozen=True)
class Visitor:
    """One account with its session's key."""

    role: str
    account: Account
    session: str


def visitors() -> list[Visitor]:
    """One of each role, all on one way down the tree."""
    school = OrgUnit.objects.filter(kind="school").order_by("path").first()
    assert school is not None
    units = {unit.kind: unit for unit in school.chain()}
    found = []
    for name, (role, kind) in ROLES.items():
        account = Account.objects.filter(home=units[kind], grants__role=role, is_active=True).order_by("pk").first()
        assert account is not None, name
        found.append(Visitor(name, account, session_of(account)))
    return found


def session_of(account: Account) -> str:
    """The key of a session, as signing in leaves it."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.set_expiry(timezone.now() + timedelta(days=1))
    session.save()
    assert session.session_key
    return session.session_key


def addresses() -> dict[str, str]:
    """Every page by name: each list as it comes, sorted, and narrowed to a week."""
    week = timezone.localdate() - timedelta(days=7)
    found = {name: f"/{path}" for name, path in PLAIN.items()}
    for name, (path, sort) in LISTS.items():
        found[f"list of {name}"] = f"/{path}"
        if sort:
            found[f"list of {name}, sorted"] = f"/{path}?{sort}"
        if name in FIRST:
            found[f"list of {name}, a week"] = f"/{path}?{FIRST[name]}_after={week}"
    lot = Lot.objects.filter(on_hand_grams__lt=1000).order_by("org__path", "-received_on", "pk").first()
    if lot is not None:
        found["trace"] = f"/canteen/trace/?lot={lot.public_id}"
    return found
