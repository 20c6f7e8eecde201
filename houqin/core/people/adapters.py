"""How allauth meets our accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an office or a school, never by signing up."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody signs up."""
        return False
