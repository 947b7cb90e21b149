"""What pages ask about merchants and staff. The door, which every request asks, is at hand here."""

from portal.domain.tenants.queries.door import merchant_of_store, signed_in

__all__ = ["merchant_of_store", "signed_in"]
