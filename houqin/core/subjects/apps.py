"""Subjects."""

from houqin.core.scope.apps import HouqinApp


class SubjectsConfig(HouqinApp):
    name = "houqin.core.subjects"
    label = "subjects"
