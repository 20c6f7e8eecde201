"""The base of every Houqin app: it declares its permissions and loads what it registers."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages

from django.apps import AppConfig

from houqin.core.scope.permissions import Permission, declare

REGISTERING = (
    *("catalogue", "policies", "jobs", "subscribers", "sheets", "sealed", "duties", "prefills", "known", "marks"),
    *("erasing", "today", "offline", "search", "secrets", "indicators", "further", "retention", "beside"),
)


class HouqinApp(AppConfig):
    """An app that declares permissions and whose registering modules are loaded at start."""

    permissions: Sequence[Permission] = ()
    default = False

    def __init_subclass__(cls) -> None:
        """Django takes the one config of an ``apps`` module that is its default: this base never is."""
        cls.default = True

    def ready(self) -> None:
        declare(self.permissions)
        for name in REGISTERING:
            if find_spec(f"{self.name}.{name}"):
                import_module(f"{self.name}.{name}")
        self._learn_verbs()

    def _learn_verbs(self) -> None:
        """Load every verb: each brings the title under which the trail shows it, whichever process shows it."""
        if find_spec(f"{self.name}.actions"):
            actions = import_module(f"{self.name}.actions")
            for module in walk_packages(getattr(actions, "__path__", []), f"{actions.__name__}."):
                import_module(module.name)


class ScopeConfig(AppConfig):
    name = "houqin.core.scope"
    label = "scope"

    def ready(self) -> None:
        import_module("houqin.core.scope.checks")
