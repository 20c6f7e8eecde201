"""The yardstick: a list of 25 rows with three joins as Django alone gives it, on the same server as all other pages."""

from collections.abc import Callable, Iterable
from typing import Any

from houqin.config.wsgi import application as houqin

TEMPLATE = """<!doctype html><table>{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.org }}</td>
<td>{{ row.org.parent }}</td><td>{{ row.supplier }}</td><td>{{ row.delivered_on|date }}</td></tr>{% endfor %}</table>{{ count }}"""


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """``/bare/`` is the list, everything else the program."""
    if environ["PATH_INFO"] != "/bare/":
        return houqin(environ, start)  # type: ignore[no-any-return]
    from django.core.signals import request_finished, request_started
    from django.template import Context, engines

    from houqin.modules.canteen.models import Delivery

    request_started.send(application, environ=environ)
    rows = Delivery.objects.select_related("org__parent", "supplier").order_by("-delivered_on", "-id")
    page = _template(engines["django"]).render(Context({"rows": rows[:25], "count": min(rows[:1000].count(), 1000)}))
    request_finished.send(application)
    start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [page.encode()]


_known: list[Any] = []


def _template(engine: Any) -> Any:
    if not _known:
        _known.append(engine.engine.from_string(TEMPLATE))
    return _known[0]
