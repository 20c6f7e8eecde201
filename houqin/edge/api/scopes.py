"""The permissions that some address of the API takes: what a program can be given."""

TAKEN: set[str] = {"people.view_contacts", "ledgers.see_names"}
"""To begin with those that only uncover what is covered otherwise."""


def takes(permission: str) -> str:
    """Note that an address takes this permission, and how its description says so."""
    TAKEN.add(permission)
    return f"Scope: `{permission}`"
