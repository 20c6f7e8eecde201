"""What stands around every page: navigation, scope, notices, language. Nothing is asked before it is drawn."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.core.tables import replica
from houqin.ui import inbox, nav, request_id
from houqin.ui.focus import Focus, focus_of, home_of

WORTH_SAYING_SECONDS = 5


@lru_cache(maxsize=256)
def _drawn(language: str | None, url_names: tuple[str, ...]) -> SafeString:
    """The navigation of all who may use these entries, drawn once."""
    return render_to_string("ui/bits/families.html", {"families": list(nav.by_family(nav.entries(url_names)))})


class Shell:
    """The surroundings of one page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        user = getattr(self.request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def account(self) -> Any:
        """The account that is signed in, if any."""
        return getattr(self.request, "user", None) if self.signed_in else None

    @cached_property
    def is_copy(self) -> bool:
        """Whether a phone fetches the page for later, with nobody looking."""
        return "X-Houqin-Keep" in self.request.headers

    @cached_property
    def viewer(self) -> Viewer:
        """Who looks."""
        viewer: Viewer = self.request.viewer  # type: ignore[attr-defined]
        return viewer

    @property
    def families(self) -> list[tuple[nav.Family, list[nav.NavItem]]]:
        """The navigation."""
        return list(nav.by_family(nav.allowed(self.viewer)))

    @property
    def navigation(self) -> SafeString:
        """The navigation as it is drawn beside every page, with the entry of this page marked."""
        mine = nav.allowed(self.viewer)
        drawn = _drawn(get_language(), tuple(item.url_name for item in mine))
        here = next((item.url for item in mine if item.url_name == self.here), "")
        return SafeString(drawn.replace(f'href="{here}"', f'href="{here}" aria-current="page"')) if here else drawn

    @cached_property
    def phone(self) -> list[tuple[nav.NavItem, bool]]:
        """The two entries of the bottom bar."""
        return [(item, item.url_name == self.here) for item in nav.for_phone(self.viewer)]

    @cached_property
    def alarms(self) -> list[nav.NavItem]:
        """The buttons that stand at the top of every page."""
        return nav.alarms(self.viewer)

    @cached_property
    def here(self) -> str:
        """The navigation entry that this page belongs to: its own, or that of the list it hangs on."""
        path = self.request.path
        urls = {item.url: item.url_name for item in nav.allowed(self.viewer)}
        fitting = [url for url in urls if path.startswith(url)]
        return urls[max(fitting, key=len)] if fitting else ""

    @cached_property
    def focus(self) -> Focus:
        """The part of the tree looked at."""
        return focus_of(self.request) if self.signed_in else Focus()

    @cached_property
    def place(self) -> str:
        """What the scope switcher says: the unit looked at, else the one unit of the viewer's reach."""
        unit = self.focus.org or home_of(self.request)
        return unit.name if unit else gettext("Everything within my reach")

    @cached_property
    def unread(self) -> int:
        """Notices not yet opened."""
        return inbox.unread(self.viewer)

    @cached_property
    def demo(self) -> bool:
        """Whether this installation holds demo data: the top of a demo's tree is marked."""
        return OrgUnit.objects.filter(parent__isnull=True, is_demo=True).exists()

    @property
    def own_sign_ins(self) -> Any:
        """The sign-ins of offices that this installation knows."""
        return settings.OWN_SIGN_INS

    @property
    def seconds_behind(self) -> int:
        """How old the figures of this page are, when that is worth saying."""
        seconds = replica.behind() if replica.is_reading() else None
        return round(seconds) if seconds is not None and seconds >= WORTH_SAYING_SECONDS else 0

    @property
    def number(self) -> str:
        """The number of this request."""
        return request_id.current()


def context(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: the shell and the product's name."""
    return {"shell": Shell(request), "product": settings.PRODUCT_NAME}
