"""Notices."""

from houqin.core.scope.apps import HouqinApp


class NoticesConfig(HouqinApp):
    name = "houqin.core.notices"
    label = "notices"
