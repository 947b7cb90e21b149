"""What the ledger does for the features above it. Nobody else writes its tables."""

from portal.domain.ledger.actions.holding import hold, release, take
from portal.domain.ledger.actions.posting import post, reverse

__all__ = ["hold", "post", "release", "reverse", "take"]
