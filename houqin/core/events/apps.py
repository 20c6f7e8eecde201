"""Events between floors."""

from houqin.core.scope.apps import HouqinApp


class EventsConfig(HouqinApp):
    name = "houqin.core.events"
    label = "events"
