"""Queue numbers of a full store (排队取号): taken by party size, called in their order, counted anew each day."""
