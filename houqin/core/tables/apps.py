"""How tables are laid: public ids, partitioned leaf tables."""

from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "houqin.core.tables"
    label = "tables"
