"""The school's day as one picture, with the day's line of times beneath."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.calendars.days import day_info, previous_school_day, school_days
from houqin.core.orgs.schools import school_of
from houqin.core.scope.viewer import Viewer
from houqin.lib.dates import day_or
from houqin.modules.canteen.queries.school_day import picture
from houqin.modules.canteen.queries.school_day.goods import day_goods
from houqin.modules.canteen.queries.school_day.times import missing_sentence, tracks
from houqin.modules.canteen.queries.vouchers.listing import last_day_with_goods
from houqin.ui import nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page

TITLE = _("The school's day")
AHEAD = timedelta(days=100)


@page(permission="canteen.view")
def school_day(request: HttpRequest) -> HttpResponse:
    """Deliveries, store, pots and classes of one school and day."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, "canteen.view")
    if school is None:
        return choose_school(request, TITLE, "canteen.view")
    day = day_or(request.GET.get("day", ""), viewer.today)
    goods = day_goods(school, day)
    found = tracks(school, day, viewer.today, goods.meals, goods.heads)
    heads, rows = picture.table(goods)
    context = {
        "title": TITLE, "school": school, "day": day, "info": day_info(school, day), "goods": goods, "tracks": found,
        "sentence": picture.sentence(goods), "missing": missing_sentence(found), "is_empty": picture.is_empty(goods),
        "heads": heads, "rows": rows, "steps": picture.steps(goods), "before": previous_school_day(school, day),
        "after": next(iter(school_days(school, day + timedelta(days=1), day + AHEAD)), None),
    }  # fmt: skip
    if request.GET.get("print"):
        return render(request, "canteen/school_day_print.html", context)
    if picture.is_empty(goods):
        context["last_day"] = last_day_with_goods(school, viewer, viewer.today)
    else:
        context |= {"picture": picture.picture(goods, school), "height": picture.height(goods)}
    return render(request, "canteen/school_day.html", context)


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="canteen:day", permission="canteen.view", icon="timeline", order=3
    )
)
urlpatterns = [path("day/", school_day, name="day")]
