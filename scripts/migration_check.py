"""Whether the program before an upgrade can work on while and after the new migrations run: django-migration-linter.

    python scripts/migration_check.py              looks at the migrations that are not released yet
    python scripts/migration_check.py --released   writes all of them down as released, with a release

DATABASE_URL chooses the database whose SQL is looked at; locks are PostgreSQL's affair, so CI asks on it.
"""

import os
import sys
from pathlib import Path

RELEASED = Path(__file__).with_name("released_migrations.txt")


def unreleased() -> list[tuple[str, str]]:
    """Our own migrations that RELEASED does not name."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    released = set(RELEASED.read_text(encoding="utf-8").split())
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("houqin.")}
    found = MigrationLoader(None).disk_migrations or {}
    return sorted((app, name) for app, name in found if app in ours and f"{app}.{name}" not in released)


def main() -> int:
    """0 when old and new code can run side by side."""
    sys.path.insert(0, str(RELEASED.parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "houqin.config.settings")
    import django

    django.setup()
    from django.db import connection
    from django_migration_linter import MigrationLinter

    new = unreleased()
    if "--released" in sys.argv:
        with RELEASED.open("a", encoding="utf-8") as file:
            file.writelines(f"{app}.{name}\n" for app, name in new)
        return 0
    linter = MigrationLinter(no_cache=True, analyser_string=connection.vendor)
    for key in new:
        linter.lint_migration(linter.migration_loader.disk_migrations[key])
    sys.stdout.write(f"{len(new)} new migrations, {linter.nb_erroneous} that old code cannot run beside\n")
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
