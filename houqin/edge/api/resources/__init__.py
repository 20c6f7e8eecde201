"""What the API offers, part by part."""

from houqin.edge.api.resources import checks, devices, goods, kitchen, ledgers, orgs, work

ROUTERS = [
    ("units", orgs.router),
    ("goods", goods.router),
    ("kitchen", kitchen.router),
    ("work", work.router),
    ("ledgers", ledgers.router),
    ("checks", checks.router),
    ("devices", devices.router),
]
