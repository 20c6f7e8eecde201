"""The templates of superiors' platforms are known from the start: their catalogue is declared with their shapes."""

from houqin.flows.ledgers.out import templates

__all__ = ["templates"]
