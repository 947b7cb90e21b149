"""What technicians earn for each piece of work, each card sold and each card used: 提成."""
