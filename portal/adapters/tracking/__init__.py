"""Ways to ask where parcels are; each keeps `portal.domain.shipping.ports.Tracker`."""
