"""The demo: a province in little with a term of work, deterministic for its day, marked and removable."""

from houqin.config.demo.cast import DemoAccount, accounts
from houqin.config.demo.loading import load
from houqin.config.demo.removing import remove

__all__ = ["DemoAccount", "accounts", "load", "remove"]
