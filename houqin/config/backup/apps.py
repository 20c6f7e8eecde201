"""Backups as an app: its job runs in the worker, its deeds have titles on the trail."""

from houqin.core.scope.apps import HouqinApp


class BackupConfig(HouqinApp):
    name = "houqin.config.backup"
    label = "backup"
