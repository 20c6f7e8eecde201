"""What every command shares: Django made ready, answers on stdout, the rest on stderr, refusals without traceback."""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn, ParamSpec

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

REFUSED = 2
P = ParamSpec("P")
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)


def start() -> None:
    """Django with its apps, in the language of the terminal (Chinese unless it is an English one)."""
    import django
    from django.conf import settings
    from django.utils import translation

    # One command is one connection; a pool would only hide why the database does not answer.
    for database in settings.DATABASES.values():
        database.get("OPTIONS", {}).pop("pool", None)
    django.setup()
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    translation.activate("en" if spoken.startswith("en") else settings.LANGUAGE_CODE)


def print_json(value: Any) -> None:
    """Exactly one JSON object on stdout."""
    from django.core.serializers.json import DjangoJSONEncoder

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder) + "\n")


def refuse(message: str, *, as_json: bool) -> NoReturn:
    """End with the reason, in the user's words, and exit code 2."""
    if as_json:
        print_json({"error": message})
    else:
        err.print(message, style="red", markup=False, highlight=False)
    raise typer.Exit(REFUSED)


def command(function: Callable[P, None]) -> Callable[P, None]:
    """Make Django ready, run, and turn each foreseeable refusal into a sentence."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json = bool(kwargs.get("as_json"))
        from houqin.config.env import SettingError

        try:
            start()
        except SettingError as error:
            refuse(str(error), as_json=as_json)
        from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
        from django.db import OperationalError
        from django.http import Http404
        from django.utils.translation import gettext as _

        from houqin.core.scope.refusals import Refused

        try:
            function(*args, **kwargs)
        except Refused as error:
            refuse(str(error.message), as_json=as_json)
        except ValidationError as error:
            refuse("\n".join(error.messages), as_json=as_json)
        except PermissionDenied as error:
            refuse(_("This account lacks the permission for it: %s") % error, as_json=as_json)
        except Http404 as error:
            refuse(str(error) or _("Nothing of that name is within reach."), as_json=as_json)
        except (ImproperlyConfigured, OperationalError) as error:
            refuse(_("The database does not answer as it should: %s") % error, as_json=as_json)

    return run


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on stderr; yields ``report(done, total, message)``. Silent when stderr is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def report(done: int, total: int, message: str = "") -> None:
            bar.update(task, completed=done, total=total or None, description=message or title)

        yield report
