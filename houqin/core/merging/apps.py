"""Merging of master data."""

from houqin.core.scope.apps import HouqinApp


class MergingConfig(HouqinApp):
    name = "houqin.core.merging"
    label = "merging"
