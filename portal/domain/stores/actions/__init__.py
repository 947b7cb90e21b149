"""What is done with stores: created and edited, shown and hidden, closed; their cards follow in the same breath."""

from portal.domain.stores.actions.editing import close, create, edit, hide, show

__all__ = ["close", "create", "edit", "hide", "show"]
