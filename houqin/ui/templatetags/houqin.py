"""What templates may say: icons, figures, days, badges, charts."""

import re
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from houqin.ui import formats, icons, labels
from houqin.ui.screens.panels import Drawn
from houqin.ui.screens.photos import photo_html
from houqin.ui.screens.states import badge as badge_html

register = template.Library()
Text = str | Promise

_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: 周.| (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))?")

register.filter("kg", formats.weight)
register.filter("kilograms", formats.kilograms)
register.filter("yuan", formats.yuan)
register.filter("day", formats.day)
register.filter("clock", formats.clock)
register.filter("instant", formats.instant)
register.filter("number", formats.number)
register.filter("listed", formats.listed)


@register.filter
def whole_days(text: Any) -> SafeString:
    """``{{ title|whole_days }}``: a day in it is not broken over two lines."""
    return SafeString(_DAY.sub(r'<span class="whole">\g<0></span>', conditional_escape(text)))


@register.simple_tag
def icon(name: str) -> str:
    """``{% icon "truck" %}``: a drawing beside a word, hidden from screen readers."""
    return icons.svg(name)


@register.simple_tag
def badge(word: Text, tone: str = "plain", icon: str = "") -> str:
    """``{% badge word "danger" %}``: a state as a word with its icon."""
    return badge_html(word, tone, icon)


@register.simple_tag(takes_context=True)
def photo(context: Any, file: Any) -> str:
    """``{% photo deed.photo %}``: the thumbnail, which opens the picture."""
    return photo_html(file, context["request"].viewer)


@register.simple_tag
def percent(part: float, whole: float) -> str:
    """``{% percent 48 50 %}``: a share with its count."""
    return formats.percent(part, whole)


@register.simple_tag(takes_context=True)
def without(context: Any, names: list[str]) -> str:
    """The query string of this page without some parameters, and on its first page."""
    kept = context["request"].GET.copy()
    for name in [*names, "page"]:
        kept.pop(name, None)
    return f"?{kept.urlencode()}" if kept else "?"


@register.simple_tag
def form_key() -> str:
    """The hidden key by which a form that is sent twice is carried out once."""
    return format_html('<input type="hidden" name="_key" value="{}" />', uuid4())


@register.simple_tag(takes_context=True)
def label_qr(context: Any, code: str) -> SafeString:
    """``{% label_qr code %}``: the QR code of a label, with the full address of its page."""
    return labels.label_qr(context["request"], code)


@register.simple_tag(takes_context=True)
def panel(context: Any, drawn: Drawn) -> str:
    """Draw one panel of a detail page."""
    with context.push(**drawn.context):
        found = context.template.engine.get_template(drawn.template)
        return SafeString(found.render(context))


@register.simple_tag
def until(moment: datetime | date | None) -> str:
    """Until when, as short as it is clear: the clock today, the day otherwise."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        same = formats.local_day(moment) == timezone.localdate()
        return formats.clock(moment) if same else formats.instant(moment)
    return formats.day(moment)


@register.inclusion_tag("ui/bits/figure.html")
def figure(
    label: Text, value: Any, unit: Text = "", url: str = "", note: Text = "", tone: str = "", icon: str = ""
) -> dict[str, Any]:
    """``{% figure "Schools" 12 url=rows note="of 120" %}``: one figure that opens its rows."""
    shown = formats.number(value) if isinstance(value, int | float) else value
    return {"label": label, "value": shown, "unit": unit, "url": url, "note": note, "tone": tone, "icon": icon}


@register.inclusion_tag("ui/bits/chart.html", takes_context=True)
def chart(
    context: Any, name: str, option: dict[str, Any], title: Text, heads: Any = (), rows: Any = (), height: int = 320
) -> dict[str, Any]:
    """``{% chart "flow" option title heads=… rows=… %}``: an ECharts picture with the same numbers as a table under it.

    The drawing code is loaded with the first chart of a page, so pages without one stay light.
    """
    request = context.get("request")
    first = not getattr(request, "_houqin_charts", False)
    if request is not None:
        request._houqin_charts = True
    return {
        "name": name, "option": option, "title": title, "heads": heads, "rows": rows, "height": height, "first": first,
    }  # fmt: skip
