"""Declared screens: ``from houqin.ui.screens import Screen, Column, Badge, …``."""

from houqin.ui.masks import mask_id, mask_name, mask_phone
from houqin.ui.nav import Family
from houqin.ui.screens.actions import Action
from houqin.ui.screens.columns import Column, Day, Instant, Money, Number, Serial, Weight
from houqin.ui.screens.fields import (
    CountField,
    DayField,
    FigureField,
    MoneyField,
    RowField,
    RowsField,
    TemperatureField,
    WeightField,
)
from houqin.ui.screens.forms import VerbForm
from houqin.ui.screens.links import Link
from houqin.ui.screens.look import Look
from houqin.ui.screens.panels import Block, Facts, Panel, Rows, Timeline
from houqin.ui.screens.photos import Photo, PhotoField
from houqin.ui.screens.screen import Screen
from houqin.ui.screens.states import Badge

__all__ = [
    "Action", "Badge", "Block", "Column", "CountField", "Day", "DayField", "Facts", "Family", "FigureField", "Instant",
    "Link", "Look", "Money", "MoneyField", "Number", "Panel", "Photo", "PhotoField", "RowField", "Rows", "RowsField",
    "Screen", "Serial", "TemperatureField", "Timeline", "VerbForm", "Weight", "WeightField", "mask_id", "mask_name", "mask_phone",
]  # fmt: skip
