"""Pure rules of bookings: terms, times that can be had, who serves, secret links."""
