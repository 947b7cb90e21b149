"""What the ledger does for the features above it. Nobody else writes its tables."""

from portal.domain.ledger.actions.closing import close, seal
from portal.domain.ledger.actions.holding import hold, release, take
from portal.domain.ledger.actions.posting import post, reverse
from portal.domain.ledger.actions.proving import keep_proof, prove

__all__ = ["close", "hold", "keep_proof", "post", "prove", "release", "reverse", "seal", "take"]
