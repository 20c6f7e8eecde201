"""What the import linter cannot see: foreign keys and migrations keep to the floors too."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

FLOORS = ["lib", "core", "ui", "flows", "modules", "insight edge", "config"]
CORE = ["tables", "scope", "jobs", "audit", "catalogues events", "orgs", "people", "files merging policies subjects"]
CORE += ["parties places", "grants", "notices", "calendars"]
FLOWS = ["duties letters seals sheets indicators", "ledgers credentials collect", "rectify", "cases"]


def place(module: str) -> tuple[int, str]:
    """The floor of a module as a number, and its room."""
    parts = module.split(".")
    return height(FLOORS, parts[1]), parts[2] if len(parts) > 2 else ""


def height(floor: list[str], room: str) -> int:
    return next(height for height, rooms in enumerate(floor) if room in rooms.split())


def allowed(source: str, target: str) -> bool:
    """Whether an arrow may go from one app to another."""
    if source == target or not target.startswith("houqin."):
        return True
    (source_floor, source_room), (target_floor, target_room) = place(source), place(target)
    if source_floor != target_floor:
        return source_floor > target_floor
    rooms = {"core": CORE, "flows": FLOWS}.get(FLOORS[source_floor])
    return rooms is not None and height(rooms, source_room) > height(rooms, target_room)


def foreign_keys() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models():
        source = model._meta.app_config.name
        if not source.startswith("houqin."):
            continue
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if field.related_model is not None:
                target = field.related_model._meta.app_config.name
                yield f"{model._meta.label}.{field.name}", source, target


def migration_arrows() -> Iterator[tuple[str, str, str]]:
    names = {config.label: config.name for config in apps.get_app_configs()}
    for (label, name), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items():
        if names[label].startswith("houqin."):
            for target, _dependency in sorted(map(tuple, migration.dependencies)):
                if target != "__setting__":
                    yield f"{label}.{name} → {target}", names[label], names[target]


@pytest.mark.parametrize(("what", "source", "target"), [*foreign_keys(), *migration_arrows()])
def test_no_arrow_points_up(what: str, source: str, target: str) -> None:
    assert allowed(source, target), f"{what}: {source} may not point at {target}"


def test_the_rule_itself_knows_up_from_down() -> None:
    assert allowed("houqin.modules.canteen", "houqin.core.orgs")
    assert not allowed("houqin.core.orgs", "houqin.core.people")
    assert not allowed("houqin.flows.sheets", "houqin.modules.canteen")
    assert not allowed("houqin.modules.canteen", "houqin.modules.console")
