from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_index(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Over the jobs that run or failed, few among all that are done. SQLite cannot use the smaller one with parameters."""
    few = " WHERE status IN ('RUNNING', 'FAILED')" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(
        f"CREATE INDEX IF NOT EXISTS jobs_unfinished ON django_tasks_database_dbtaskresult (status, finished_at){few}"
    )


def drop_index(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP INDEX IF EXISTS jobs_unfinished")


class Migration(migrations.Migration):
    """Each beat of a worker and each scrape of the figures asks for them."""

    dependencies = [("jobs", "0001_initial"), ("django_tasks_database", "0021_conditional_partial_index_ordering")]

    operations = [migrations.RunPython(make_index, drop_index)]
