"""What is done with imports: by people (bring, go, stop, discard, take_back) and by the worker, lot by lot."""

from portal.domain.imports.actions.batches import bring, discard, go, stop, take_back
from portal.domain.imports.actions.keeping import forget, wake
from portal.domain.imports.actions.lots import apply_lot, checked, give_up, keep, reading, refuse_next, undo_lot

__all__ = [
    "apply_lot",
    "bring",
    "checked",
    "discard",
    "forget",
    "give_up",
    "go",
    "keep",
    "reading",
    "refuse_next",
    "stop",
    "take_back",
    "undo_lot",
    "wake",
]
