"""What can be done with chains: check them, sign their ends, change the key that signs."""

from houqin.flows.seals.actions.checkpoints import make_checkpoints, rotate_key
from houqin.flows.seals.actions.checks import check_chain

__all__ = ["check_chain", "make_checkpoints", "rotate_key"]
