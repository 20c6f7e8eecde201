"""Who may open what: written by hand, so that a permission given by mistake shows.

``HOLDERS`` says for each permission which of the cast hold it anywhere. ``NEAR`` are those whose reach holds school A.
"""

from typing import Any
from uuid import UUID

EVERYBODY = {"an", "gao", "hu", "bo", "bai", "chen", "du", "eve", "op", "shi", "lin", "wu"}
NEAR = {"an", "gao", "bo", "bai", "du", "eve", "op", "shi", "lin", "wu"}
OFFICE = {"bo", "bai", "chen", "op"}
DIRECTORS = {"bo", "chen", "op"}
HEADS = {"gao", "hu"}

HOLDERS: dict[str, set[str]] = {
    "": EVERYBODY,
    "orgs.view": EVERYBODY,
    "orgs.change": DIRECTORS,
    "orgs.record_facts": OFFICE | HEADS,
    "people.view": EVERYBODY - {"du", "lin", "wu"},
    "people.change": OFFICE | HEADS,
    "people.view_pupils": HEADS | {"bo", "chen", "eve", "lin"},
    "people.change_pupils": OFFICE | HEADS | {"lin"},
    "people.manage_accounts": DIRECTORS | HEADS,
    "grants.view": DIRECTORS | HEADS | {"eve"},
    "grants.change": DIRECTORS | HEADS,
    "audit.view": DIRECTORS | HEADS | {"eve"},
    "catalogues.view": EVERYBODY - {"du"},
    "console.view_jobs": {"op"},
    "parties.view": EVERYBODY - {"du", "lin", "wu"},
    "parties.change": OFFICE | HEADS | {"an"},
    "parties.merge": OFFICE | HEADS | {"an"},
    "canteen.view": EVERYBODY - {"du", "lin", "wu"},
    "canteen.record": OFFICE | HEADS | {"an"},
    "canteen.manage_products": OFFICE | HEADS | {"an"},
    "canteen.trace": OFFICE | HEADS | {"an", "eve"},
    "canteen.report_heads": HEADS | {"an", "lin"},
    "canteen.cook": HEADS | {"an", "shi"},
    "canteen.sign": HEADS | {"an", "shi", "lin"},
    "canteen.countersign": HEADS,
    "canteen.register": OFFICE | HEADS,
    "canteen.approve_mode": OFFICE,
    "calendars.view": EVERYBODY,
    "calendars.change": DIRECTORS | HEADS,
    "policies.view": EVERYBODY - {"du"},
    "policies.change": DIRECTORS | HEADS,
    "places.view": EVERYBODY - {"du"},
    "places.change": OFFICE | HEADS | {"an"},
    "canteen.propose_recall": OFFICE | HEADS | {"an"},
    "canteen.confirm_recall": OFFICE | HEADS,
    "canteen.answer_recall": HEADS | {"an"},
    "duties.view": EVERYBODY - {"du"},
    "duties.do": HEADS | {"an", "shi", "lin", "wu"},
    "duties.arrange": HEADS,
    "duties.set": OFFICE | HEADS,
    "duties.suspend": OFFICE | HEADS,
    "ledgers.view": EVERYBODY - {"du"},
    "ledgers.record": HEADS | {"an", "shi", "lin", "wu"},
    "ledgers.see_names": HEADS,
    "ledgers.adopt": OFFICE | HEADS,
    "ledgers.erase": DIRECTORS | HEADS,
    "seals.view": EVERYBODY - {"du"},
    "seals.check": OFFICE | HEADS | {"eve"},
    "credentials.view": EVERYBODY - {"du", "lin", "wu"},
    "credentials.record": OFFICE | HEADS | {"an"},
    "credentials.verify": OFFICE | HEADS,
    "collect.view": OFFICE | HEADS | {"eve"},
    "collect.send": OFFICE,
    "collect.answer": HEADS | {"an"},
    "letters.view": EVERYBODY - {"du"},
    "letters.issue": OFFICE | HEADS,
    "letters.sign": EVERYBODY - {"du", "eve"},
    "sheets.view": OFFICE | HEADS | {"eve"},
    "sheets.import": OFFICE | HEADS,
}

# Rows of these screens are owned above school A: who sees the row, and where a deed's permission is asked.
OWNED_ABOVE = {
    "canteen:products": "province",
    "canteen:suppliers": "province",
    "canteen:recalls": "town",
    "console:catalogues": "province",
}
AT_TOWN = {"bo", "bai", "eve", "op"}
AT_PROVINCE = {"eve", "op"}

# Pages that are no screen: address → (permission, what an empty visit answers to those who may).
ODD_PAGES: dict[str, tuple[str, set[int]]] = {
    "ui:home": ("", {200}),
    "ui:search": ("", {200}),
    "ui:scope": ("", {200}),
    "ui:notices": ("", {200}),
    "ui:notice": ("", {404}),
    "ui:notices-read": ("", {405}),
    "ui:more": ("", {200}),
    "ui:waiting": ("", {200}),
    "ui:offline": ("", {200}),
    "ui:pin": ("", {200}),
    "ui:label-find": ("", {200}),
    "ui:label": ("", {404}),
    "ui:file": ("", {404}),
    "ui:file-small": ("", {404}),
    "console:jobs": ("console.view_jobs", {200}),
    "console:calendar": ("calendars.view", {200}),
    "console:policies": ("policies.view", {200}),
    "console:policy-change": ("policies.change", {404}),
    "console:policy-take-back": ("policies.change", {404}),
    "insight:overview": ("canteen.view", {200}),
    "canteen:trace": ("canteen.trace", {200}),
    "canteen:accept": ("canteen.record", {200}),
    "canteen:accept-code": ("canteen.record", {200}),
    "canteen:accept-delivery": ("canteen.record", {404}),
    "canteen:menu-week": ("canteen.view", {200}),
    "canteen:kitchen": ("canteen.view", {200}),
    "canteen:kitchen-change": ("canteen.cook", {200}),
    "canteen:day": ("canteen.view", {200}),
    "canteen:outlook": ("canteen.view", {200}),
    "canteen:count": ("canteen.record", {200}),
    "canteen:papers": ("canteen.view", {200}),
    "canteen:papers-print": ("canteen.view", {200, 409}),
    "canteen:papers-excel": ("canteen.view", {200, 409}),
    "canteen:supplier-months": ("canteen.view", {200}),
    "canteen:heads": ("canteen.report_heads", {200}),
    "canteen:heads-class": ("canteen.report_heads", {404}),
    "canteen:heads-board": ("canteen.view", {200}),
    "canteen:heads-night": ("canteen.report_heads", {200}),
    "canteen:heads-remind": ("canteen.record", {405}),
}
# What an odd page's address needs: a row, or a label, that does not exist.
ODD_ARGS: dict[str, list[Any]] = {
    "ui:notice": [999_999],
    "ui:label": ["0" * 16],
    "canteen:accept-delivery": [UUID(int=7)],
    "canteen:heads-class": [999_999],
    "ui:file": [UUID(int=7)],
    "ui:file-small": [UUID(int=7)],
}
# Pages of one row beside its screen: address → (permission, method, answers that are right for those who may).
FINE = {200, 204, 302, 404, 409, 422}
ROW_PAGES: dict[str, tuple[str, str, set[int]]] = {
    "canteen:recalls-report": ("canteen.trace", "get", {200}),
    "sheets:imports-progress": ("sheets.view", "get", FINE),
    "sheets:imports-sheet": ("sheets.view", "get", FINE),
    "sheets:imports-rejected": ("sheets.import", "get", FINE),
    "sheets:imports-correct": ("sheets.import", "post", FINE),
    "sheets:imports-write": ("sheets.import", "post", FINE),
    "sheets:imports-decide": ("sheets.import", "post", FINE),
    "sheets:imports-undo": ("sheets.import", "post", FINE),
    "sheets:imports-discard": ("sheets.import", "post", FINE),
}
PUBLIC = {
    "canteen:card",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "set_language",
    "ui:worker",
    "ui:manifest",
}
